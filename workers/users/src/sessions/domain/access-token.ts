import { ACCESS_TOKEN_SECONDS } from '@shop/contracts/users/access-tokens'
import type { Role } from '@shop/kernel/caller'
import type { SessionId } from '@shop/kernel/ids'
import type { AuthMethod, Proof } from '@shop/kernel/proof'
import type { User } from '../../accounts/domain/user.ts'

/** Claims of an access token (RFC 9068); times in seconds since 1970. */
export type AccessClaims = {
  iss: string
  aud: string
  sub: string
  /** The session. When it ends, so does the token: the gateway asks the revocation object of the user. */
  sid: SessionId
  role: Role
  iat: number
  exp: number
  jti: string
  amr: readonly AuthMethod[]
  auth_time: number
}

/** The claims about a user in a session. */
export function accessClaims(
  user: User,
  token: { issuer: string; audience: string; id: string; sessionId: SessionId; proof: Proof; now: Date },
): AccessClaims {
  const issuedAt = Math.floor(token.now.getTime() / 1000)
  return {
    iss: token.issuer,
    aud: token.audience,
    sub: user.id,
    sid: token.sessionId,
    role: user.role,
    iat: issuedAt,
    exp: issuedAt + ACCESS_TOKEN_SECONDS,
    jti: token.id,
    amr: token.proof.amr,
    auth_time: token.proof.authTime,
  }
}
