import type { AuthenticationRequired, Caller, Role } from '@shop/kernel/caller'
import type { RateLimited } from '@shop/kernel/failures'
import type { ApiKeyId, AuditEntryId, UserId } from '@shop/kernel/ids'
import type { StepUpRequired } from '@shop/kernel/recent-proof'
import type { Result } from '@shop/kernel/result'
import type { Scope } from '@shop/kernel/scopes'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { EventSource } from '../events/delivery.ts'
import type { LimitStatus } from '../limits.ts'
import type { AccountExport } from './export.ts'

/** What a mail about an account needs. Read fresh for each delivery, so that erasing a person is one place. */
export type AccountMail = {
  eventId: number
  /** Address the mail goes to: of an account, or, for a change of address or an invitation, the new one. */
  to: string
  name: string | undefined
  locale: string | undefined
  /** Single-use token for the link of the mail; undefined for mails without one. The same at each retry. */
  token: string | undefined
}

/** How to write to the owner of an account. */
export type Contact = {
  userId: UserId
  email: string
  name: string | undefined
  /** BCP 47; undefined where it is not known. */
  locale: string | undefined
}

export type KeyScopes = { keyId: ApiKeyId; scopes: readonly Scope[] }

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

/** `createdId`: of what the write created; null where it created nothing. */
export type AuditedOutcome = { id: AuditEntryId; status: number; createdId: string | null }

/** The methods that notifications and the gateway may call. */
export interface UsersRpc extends EventSource {
  /** Mails of account events. An event whose person or token is gone is missing from the answer. */
  accountMails(request: { eventIds: number[] }): Promise<Result<AccountMail[], ServiceUnavailable>>

  /** The accounts that still exist, in any order. */
  contactsOf(request: { userIds: string[] }): Promise<Result<Contact[], ServiceUnavailable>>

  /** The staff whose role has the scope, oldest accounts first, at most `limit`. */
  staffContacts(request: { scope: Scope; limit: number }): Promise<Result<Contact[], ServiceUnavailable>>

  /** The address before a change of address is deleted with the confirmation of its event. */
  confirmEvents: EventSource['confirmEvents']

  /**
   * The caller that an API key stands for, by the hash of the key. Undefined for a key that is unknown, expired or revoked.
   * A publishable key stands for an anonymous caller, with the id of the key.
   */
  callerOfKey(keyHash: string): Promise<Result<Caller | undefined, ServiceUnavailable>>

  /** What API keys may do now. Those that are unknown, expired or revoked are missing from the answer; publishable ones too. */
  scopesOfKeys(request: { keyIds: string[] }): Promise<Result<KeyScopes[], ServiceUnavailable>>

  /** Writes a write down before it is made. */
  auditWrite(write: AuditedWrite): Promise<Result<AuditEntryId, ServiceUnavailable>>
  /** Adds how it was answered, and the id of what it created. The first answer counts. */
  auditOutcome(outcome: AuditedOutcome): Promise<Result<undefined, ServiceUnavailable>>

  /**
   * What users knows of the caller, and of nobody else, if they proved within the last ten minutes who they are. Counted: an
   * account is exported a few times an hour.
   */
  exportCustomer(caller: Caller): Promise<
    Result<AccountExport, AuthenticationRequired | StepUpRequired | RateLimited | ServiceUnavailable> & {
      limits?: LimitStatus[]
    }
  >
}
