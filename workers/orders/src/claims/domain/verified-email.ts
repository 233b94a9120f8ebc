import type { UserId } from '@shop/kernel/ids'

/** The address of an account, which its owner has shown to be theirs. */
export type VerifiedEmail = {
  /** As `customerKeyOf` names a guest with the address. */
  customerKey: string
  userId: UserId
  verifiedAt: Date
}

/** Orders that one statement claims at most. */
export const CLAIM_BATCH = 500
