import type { User } from '@shop/contracts'
import type { Role } from '@shop/kernel'

export const ACCESS_TOKEN_SECONDS = 15 * 60

/** Claims of an access token (RFC 9068); times in seconds since 1970. */
export type AccessClaims = {
  iss: string
  aud: string
  sub: string
  role: Role
  iat: number
  exp: number
  jti: string
}

/**
 * What an access token says of its user.
 *
 * It cannot be taken back: a changed role or an ended session shows when the token has expired.
 */
export function accessClaims(
  user: User,
  token: { issuer: string; audience: string; id: string; now: Date },
): AccessClaims {
  const issuedAt = Math.floor(token.now.getTime() / 1000)
  return {
    iss: token.issuer,
    aud: token.audience,
    sub: user.id,
    role: user.role,
    iat: issuedAt,
    exp: issuedAt + ACCESS_TOKEN_SECONDS,
    jti: token.id,
  }
}
