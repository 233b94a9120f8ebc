import type { Role } from '@shop/kernel/caller'
import type { User } from '../../accounts/domain/user.ts'

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
 * The claims about a user.
 *
 * An access token cannot be revoked: a changed role or an ended session takes effect when it expires.
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
