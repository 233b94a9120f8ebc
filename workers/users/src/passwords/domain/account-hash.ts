import type { UserId } from '@shop/kernel/ids'

/** The stored password of an account. */
export type AccountHash = { userId: UserId; passwordHash: string }
