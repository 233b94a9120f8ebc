import type { TemplateNotFound } from '@shop/contracts/notifications/failures'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { NotificationsDeps } from '../../deps.ts'
import { isMailTemplate, type Template, type TemplateName } from '../domain/template.ts'

/** What a request names: a mail, and one of the shop's locales, the first by default. */
export type TemplateRequest = { name: string; locale?: string | undefined }

export type FindDeps = Pick<NotificationsDeps, 'templates' | 'shop'>

export function checkName(
  { shop }: Pick<FindDeps, 'shop'>,
  { name, locale = shop.locales[0] }: TemplateRequest,
): Result<TemplateName, TemplateNotFound> {
  const known = shop.locales.find((one) => one.toLowerCase() === locale.toLowerCase())
  if (!isMailTemplate(name) || known === undefined) return fail({ code: 'template_not_found' })
  return ok({ name, locale: known })
}

/** A template of this shop with its versions, of which there may be none. */
export async function findTemplate(
  deps: FindDeps,
  request: TemplateRequest,
): Promise<Result<Template, TemplateNotFound>> {
  const checked = checkName(deps, request)
  if (!checked.ok) return checked
  return ok({ ...checked.value, versions: await deps.templates.listVersions(checked.value) })
}
