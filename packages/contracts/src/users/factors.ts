/** `totp`: codes of an authenticator app (RFC 6238). */
export const FACTOR_TYPES = ['totp', 'passkey'] as const
export type FactorType = (typeof FACTOR_TYPES)[number]
