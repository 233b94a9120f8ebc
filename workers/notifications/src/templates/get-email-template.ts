import type { TemplateNotFound } from '@shop/contracts/notifications/failures'
import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import type { Result } from '@shop/kernel/result'
import type { Template } from './domain/template.ts'
import { type FindDeps, findTemplate, type TemplateRequest } from './internal/find-template.ts'

export async function getEmailTemplate(
  deps: FindDeps,
  caller: Caller,
  request: TemplateRequest,
): Promise<Result<Template, AccessFailure | TemplateNotFound>> {
  const staff = requireScope(caller, 'email_templates:read')
  return staff.ok ? findTemplate(deps, request) : staff
}
