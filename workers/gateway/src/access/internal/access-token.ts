import type { HttpFailure } from '@shop/http/problems'
import { type Caller, ROLES, type Role } from '@shop/kernel/caller'
import { isId } from '@shop/kernel/ids'
import { AUTH_METHODS, type AuthMethod, type Proof } from '@shop/kernel/proof'
import { fail, ok, type Result } from '@shop/kernel/result'
import { errors, type JWTPayload, jwtVerify } from 'jose'
import type { KeyStore } from './key-store.ts'
import { isWrittenByUs } from './token-text.ts'

type InvalidToken = Extract<HttpFailure, { code: 'invalid_token' }>
type TokenRules = { issuer: string; audience: string; now: Date }

const CLOCK_TOLERANCE_SECONDS = 5

/**
 * Verifies an access token: written as we write them, signed with EdDSA by one of our keys, issued by us for this API, of
 * type at+jwt (RFC 9068), not expired. Whether its session has ended is checked elsewhere.
 *
 * @throws Unavailable when no keys are known and none can be fetched: then the token cannot be judged
 */
export async function verifyAccessToken(
  token: string,
  keys: KeyStore,
  rules: TokenRules,
): Promise<Result<Caller, InvalidToken>> {
  if (!isWrittenByUs(token)) return fail({ code: 'invalid_token', reason: 'malformed' })
  try {
    const { payload } = await jwtVerify(token, ({ kid }) => trustedKey(keys, kid), {
      algorithms: ['EdDSA'],
      issuer: rules.issuer,
      audience: rules.audience,
      typ: 'at+jwt',
      requiredClaims: ['sub', 'sid', 'role', 'iat', 'exp', 'jti', 'amr', 'auth_time'],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: rules.now,
    })
    const caller = toCaller(payload, rules.now)
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

/** The library has checked what it knows; the rest must be of the kind that users writes. */
function toCaller(payload: JWTPayload, now: Date): Caller | undefined {
  const { sub, sid, role, aud, iat = 0, jti } = payload
  const known = ROLES.find((candidate): candidate is Role => candidate === role)
  const isIssuedBefore = iat <= now.getTime() / 1_000 + CLOCK_TOLERANCE_SECONDS
  // An audience that is a list would let a token be one for somebody else, too.
  if (known === undefined || !isIssuedBefore || typeof aud !== 'string' || typeof jti !== 'string') return undefined
  if (typeof sub !== 'string' || typeof sid !== 'string' || !isId('user', sub) || !isId('session', sid))
    return undefined
  const proof = toProof(payload)
  return proof && { kind: 'user', userId: sub, role: known, sessionId: sid, proof }
}

/** Methods that this gateway does not know yet prove nothing. */
function toProof({ amr, auth_time: authTime }: JWTPayload): Proof | undefined {
  if (!Array.isArray(amr) || typeof authTime !== 'number' || !Number.isSafeInteger(authTime)) return undefined
  return { amr: amr.filter((one): one is AuthMethod => AUTH_METHODS.includes(one)), authTime }
}

function reasonOf(error: errors.JOSEError): InvalidToken['reason'] {
  if (error instanceof errors.JWTExpired) return 'expired'
  return error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid ? 'malformed' : 'not_trusted'
}
