import type { TemplateNotFound } from '@shop/contracts/notifications/failures'
import { type AccessFailure, type Caller, requireStaff } from '@shop/kernel/caller'
import type { Result } from '@shop/kernel/result'
import type { Template } from './domain/template.ts'
import { type FindDeps, findTemplate, type TemplateRequest } from './internal/find-template.ts'

export async function getEmailTemplate(
  deps: FindDeps,
  caller: Caller,
  request: TemplateRequest,
): Promise<Result<Template, AccessFailure | TemplateNotFound>> {
  const staff = requireStaff(caller)
  return staff.ok ? findTemplate(deps, request) : staff
}
