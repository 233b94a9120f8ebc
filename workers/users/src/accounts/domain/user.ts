import type { Role } from '@shop/kernel/caller'
import type { UserId } from '@shop/kernel/ids'
import type { Metadata } from '@shop/kernel/metadata'

/** An account, without its credentials. */
export type User = {
  id: UserId
  email: string
  name: string | null
  role: Role
  createdAt: Date
}

/** An account with what staff keep with it. `version` counts its changes. */
export type UserRecord = User & { metadata: Metadata; version: number }

export type UserWithPassword = User & { passwordHash: string }
