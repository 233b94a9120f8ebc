import { MAIL_TEMPLATES, type MailTemplate } from '@shop/contracts/notifications/states'
import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { ok, type Result } from '@shop/kernel/result'
import type { FindDeps } from './internal/find-template.ts'

/** Which text a mail has in a locale: version numbers, null for none. */
export type TemplateState = { locale: string; latest: number | null; published: number | null }
export type ListedTemplate = { name: MailTemplate; locales: TemplateState[] }

/** Every mail of the shop, in each of its locales. */
export async function listEmailTemplates(
  deps: FindDeps,
  caller: Caller,
): Promise<Result<ListedTemplate[], AccessFailure>> {
  const staff = requireScope(caller, 'email_templates:read')
  if (!staff.ok) return staff
  const states = await deps.templates.listStates()
  return ok(
    MAIL_TEMPLATES.map((name) => ({
      name,
      locales: deps.shop.locales.map((locale) => {
        const found = states.find((state) => state.name === name && state.locale === locale)
        return { locale, latest: found?.latest ?? null, published: found?.published ?? null }
      }),
    })),
  )
}
