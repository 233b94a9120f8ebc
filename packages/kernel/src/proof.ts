/**
 * How somebody proved who they are. `pwd`: a password; `otp`: a code of an authenticator app or a recovery code; `pop`: a
 * passkey; `mfa`: two factors, or a passkey that verified its user.
 *
 * Source: https://datatracker.ietf.org/doc/html/rfc8176#section-2
 */
export const AUTH_METHODS = ['pwd', 'otp', 'pop', 'mfa'] as const
export type AuthMethod = (typeof AUTH_METHODS)[number]

/**
 * The last proof of a session, as its access tokens carry it: the claims `amr` and `auth_time`, in seconds since 1970.
 *
 * Source: https://openid.net/specs/openid-connect-core-1_0.html#IDToken
 */
export type Proof = { amr: readonly AuthMethod[]; authTime: number }

export function hasSecondFactor(proof: Proof | undefined): boolean {
  return proof?.amr.includes('mfa') === true
}
