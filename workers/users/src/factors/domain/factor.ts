import type { FactorType } from '@shop/contracts/users/factors'
import type { FactorId, UserId } from '@shop/kernel/ids'
import type { Sealed } from '@shop/kernel/sealer'

/** A second factor, without its secrets. One without `confirmedAt` protects nothing yet. */
export type Factor = {
  id: FactorId
  userId: UserId
  type: FactorType
  name: string | undefined
  createdAt: Date
  confirmedAt: Date | undefined
  lastUsedAt: Date | undefined
}

/** An authenticator app. */
export type TotpFactor = Factor & { type: 'totp'; sealed: Sealed; lastStep: number }

/** What is kept of a passkey: ids and the COSE key in base64url. */
export type Passkey = {
  credentialId: string
  publicKey: string
  /** How many signatures it has counted; 0 for one that does not count. */
  signCount: number
  transports: string[]
  isBackedUp: boolean
}
export type PasskeyFactor = Factor & { type: 'passkey'; passkey: Passkey }

export type StoredFactor = TotpFactor | PasskeyFactor

/** Confirmed ones; people have a phone, a computer and a key or two. */
export const MAX_FACTORS = 10

/** How a sign-in can go on; the names are the members of the body that goes on with it. */
export type FactorMethod = 'code' | 'passkey' | 'recovery_code'

/** For the second step of a sign-in. */
export const MFA_TOKEN_SECONDS = 300
export const MAX_ATTEMPTS = 5

export const isConfirmed = ({ confirmedAt }: Factor): boolean => confirmedAt !== undefined

export const passkeysOf = (factors: readonly StoredFactor[]): Passkey[] =>
  factors.flatMap((factor) => (factor.type === 'passkey' ? [factor.passkey] : []))
