import type { TemplateNotFound } from '@shop/contracts/notifications/failures'
import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import type { Result } from '@shop/kernel/result'
import type { Template } from './domain/template.ts'
import { checkName, type FindDeps, findTemplate, type TemplateRequest } from './internal/find-template.ts'

/** Puts the shop's own template back. The versions stay, and may be published again. */
export async function revertEmailTemplate(
  deps: FindDeps,
  caller: Caller,
  request: TemplateRequest,
): Promise<Result<Template, AccessFailure | TemplateNotFound>> {
  const staff = requireScope(caller, 'email_templates:write')
  if (!staff.ok) return staff
  const checked = checkName(deps, request)
  if (!checked.ok) return checked
  await deps.templates.retire(checked.value)
  return findTemplate(deps, request)
}
