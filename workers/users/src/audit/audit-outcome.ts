import type { AuditedOutcome } from '@shop/contracts/users/rpc'
import { ok, type Result } from '@shop/kernel/result'
import type { UsersDeps } from '../deps.ts'

/** Adds to a write of staff how it was answered, and what it created. */
export async function auditOutcome(
  { audit, now }: Pick<UsersDeps, 'audit' | 'now'>,
  { id, status, createdId }: AuditedOutcome,
): Promise<Result<undefined, never>> {
  await audit.insertOutcome({ auditId: id, status, createdId, at: now() })
  return ok()
}
