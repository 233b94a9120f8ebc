import type { TemplateNotFound } from '@shop/contracts/notifications/failures'
import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { fail, type Result } from '@shop/kernel/result'
import type { NotificationsDeps } from '../deps.ts'
import { latestVersion, type Template } from './domain/template.ts'
import { type FindDeps, findTemplate, type TemplateRequest } from './internal/find-template.ts'

/** Publishes a version, the newest by default: mails are written with it from now on. An older one may be published again. */
export async function publishEmailTemplate(
  deps: FindDeps & Pick<NotificationsDeps, 'now'>,
  caller: Caller,
  request: TemplateRequest & { version?: number | undefined },
): Promise<Result<Template, AccessFailure | TemplateNotFound>> {
  const staff = requireScope(caller, 'email_templates:write')
  if (!staff.ok) return staff
  const found = await findTemplate(deps, request)
  if (!found.ok) return found
  const { name, locale } = found.value
  const version = request.version ?? latestVersion(found.value)
  if (!(await deps.templates.publish({ name, locale, version }, deps.now())))
    return fail({ code: 'template_not_found' })
  return findTemplate(deps, request)
}
