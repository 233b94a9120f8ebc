import type { Role } from '@shop/kernel/caller'
import type { UserId } from '@shop/kernel/ids'
import type { Metadata } from '@shop/kernel/metadata'

/** An account, without its credentials. `version` counts its changes. */
export type User = {
  id: UserId
  email: string
  /** Whether mails to the address are known to reach its owner. */
  emailVerified: boolean
  name: string | null
  /** A canonical BCP 47 tag. */
  locale: string | null
  /** In E.164. */
  phone: string | null
  /** Whether the customer agreed to advertisements. */
  marketingConsent: boolean
  role: Role
  createdAt: Date
  version: number
}

/** An account with what staff keep with it. */
export type UserRecord = User & { metadata: Metadata }

export type UserWithPassword = User & { passwordHash: string }
