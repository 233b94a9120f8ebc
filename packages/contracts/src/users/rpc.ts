import type { Caller, Role } from '@shop/kernel/caller'
import type { AuditEntryId } from '@shop/kernel/ids'
import type { Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'

/** What the mail of an invitation says beside its words. */
export type InvitationMail = { email: string; role: Role; token: string; expiresAt: Date }

/** A write of staff or of a secret key, as it is written down before it is made. */
export type AuditedWrite = {
  /** Of {@link Caller}. */
  actorId: string
  role: Role | null
  method: string
  /** Null where the API describes no such operation. */
  operation: string | null
  /** With its parameters in braces. */
  path: string | null
  resourceId: string | null
  requestId: string
}

/** What users offers the gateway. */
export interface UsersRpc {
  /**
   * The caller that an API key stands for, by the hash of the key. Undefined for a key that is unknown, expired or revoked.
   * A publishable key stands for an anonymous caller.
   */
  callerOfKey(keyHash: string): Promise<Result<Caller | undefined, ServiceUnavailable>>
  /** Writes a write down before it is made. */
  auditWrite(write: AuditedWrite): Promise<Result<AuditEntryId, ServiceUnavailable>>
  /** Adds how it was answered. The first answer counts. */
  auditOutcome(outcome: { id: AuditEntryId; status: number }): Promise<Result<undefined, ServiceUnavailable>>
  /** What the mail of an invitation says; undefined once nobody can take the invitation. */
  mailOfInvitation(request: { invitationId: string }): Promise<Result<InvitationMail | undefined, ServiceUnavailable>>
}
