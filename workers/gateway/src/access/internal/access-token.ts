import type { HttpFailure } from '@shop/http/problems'
import { type Caller, ROLES, type Role } from '@shop/kernel/caller'
import type { SessionId, UserId } from '@shop/kernel/ids'
import { AUTH_METHODS, type AuthMethod, type Proof } from '@shop/kernel/proof'
import { fail, ok, type Result } from '@shop/kernel/result'
import { errors, type JWTPayload, jwtVerify } from 'jose'
import type { KeyStore } from './key-store.ts'

type InvalidToken = Extract<HttpFailure, { code: 'invalid_token' }>
type TokenRules = { issuer: string; audience: string; now: Date }

const CLOCK_TOLERANCE_SECONDS = 5

/**
 * Verifies an access token: signed with EdDSA by one of our keys, issued by us for this API, of type at+jwt (RFC 9068),
 * not expired.
 *
 * @throws Unavailable when no keys are known and none can be fetched: then the token cannot be judged
 */
export async function verifyAccessToken(
  token: string,
  keys: KeyStore,
  rules: TokenRules,
): Promise<Result<Caller, InvalidToken>> {
  try {
    const { payload } = await jwtVerify(token, ({ kid }) => trustedKey(keys, kid), {
      algorithms: ['EdDSA'],
      issuer: rules.issuer,
      audience: rules.audience,
      typ: 'at+jwt',
      requiredClaims: ['sub', 'role', 'iat', 'exp'],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: rules.now,
    })
    const caller = toCaller(payload)
    return caller === undefined ? fail({ code: 'invalid_token', reason: 'not_trusted' }) : ok(caller)
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error
    return fail({ code: 'invalid_token', reason: reasonOf(error) })
  }
}

async function trustedKey(keys: KeyStore, kid: string | undefined) {
  const key = kid === undefined ? undefined : await keys.keyFor(kid)
  if (key === undefined) throw new errors.JWKSNoMatchingKey()
  return key
}

function toCaller({ sub, role, sid, amr, auth_time }: JWTPayload): Caller | undefined {
  const known = ROLES.find((candidate): candidate is Role => candidate === role)
  if (known === undefined || !isUserId(sub)) return undefined
  const sessionId = isSessionId(sid) ? sid : undefined
  return { kind: 'user', userId: sub, role: known, sessionId, proof: toProof(amr, auth_time) }
}

/** Without it a token still names its user; what needs a proof refuses it. */
function toProof(amr: unknown, authTime: unknown): Proof | undefined {
  if (!Array.isArray(amr) || !Number.isSafeInteger(authTime)) return undefined
  return { amr: amr.filter((one): one is AuthMethod => AUTH_METHODS.includes(one)), authTime: Number(authTime) }
}

const isSessionId = (sid: unknown): sid is SessionId => typeof sid === 'string' && /^session_[0-9a-z]{26}$/.test(sid)

/** By shape only: the signature proves that users made the id. Here it has to be ASCII that a header can carry. */
function isUserId(sub: string | undefined): sub is UserId {
  return sub !== undefined && /^user_[0-9a-z]{26}$/.test(sub)
}

function reasonOf(error: errors.JOSEError): InvalidToken['reason'] {
  if (error instanceof errors.JWTExpired) return 'expired'
  return error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid ? 'malformed' : 'not_trusted'
}
