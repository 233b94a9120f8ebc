import type { AuditedWrite } from '@shop/contracts/users/rpc'
import type { AuditEntryId } from '@shop/kernel/ids'
import { ok, type Result } from '@shop/kernel/result'
import type { UsersDeps } from '../deps.ts'

/** Writes a write of staff down before it is made. It throws where that fails, and then nothing may be made. */
export async function auditWrite(
  { audit, newAuditEntryId, now }: Pick<UsersDeps, 'audit' | 'newAuditEntryId' | 'now'>,
  write: AuditedWrite,
): Promise<Result<AuditEntryId, never>> {
  const id = newAuditEntryId()
  await audit.insert({ ...write, id, at: now() })
  return ok(id)
}
