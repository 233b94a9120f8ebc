import type { AuditedWrite } from '@shop/contracts/users/rpc'
import type { AuditEntryId } from '@shop/kernel/ids'

/** A write of staff or of a secret key. */
export type AuditEntry = AuditedWrite & {
  id: AuditEntryId
  at: Date
  /** How it was answered; null while it is under way, or where the answer was lost: then it may or may not have been made. */
  status: number | null
  /** Of what it created; null where it created nothing. */
  createdId: string | null
}

export type AuditFilters = {
  actorId?: string | undefined
  operation?: string | undefined
  /** Named by the path, or created. */
  resourceId?: string | undefined
  /** The first instant. */
  from?: Date | undefined
  /** The instant after the last. */
  to?: Date | undefined
}
