import type { AuditEntryId } from '@shop/kernel/ids'
import { ok, type Result } from '@shop/kernel/result'
import type { UsersDeps } from '../deps.ts'

/** Adds to a write of staff how it was answered. */
export async function auditOutcome(
  { audit, now }: Pick<UsersDeps, 'audit' | 'now'>,
  { id, status }: { id: AuditEntryId; status: number },
): Promise<Result<undefined, never>> {
  await audit.insertOutcome({ auditId: id, status, at: now() })
  return ok()
}
