import type { HttpFailure } from '@shop/http'
import type { UserId } from '@shop/kernel'
import { type Caller, fail, ok, type Result, ROLES, type Role } from '@shop/kernel'
import { errors, type JWTPayload, jwtVerify } from 'jose'
import type { KeyStore } from './key-store.ts'

type InvalidToken = Extract<HttpFailure, { code: 'invalid_token' }>
export type TokenRules = { issuer: string; audience: string; now: Date }

const CLOCK_TOLERANCE_SECONDS = 5

/**
 * Proves who a token speaks for: signed by one of our keys with EdDSA and nothing else, issued by us for this API, of
 * type at+jwt (RFC 9068), not expired.
 *
 * @throws Unavailable when no keys are known and none can be had: then nothing can be said about the token
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
    return caller === null ? fail({ code: 'invalid_token', reason: 'not_trusted' }) : ok(caller)
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error
    return fail({ code: 'invalid_token', reason: reasonOf(error) })
  }
}

async function trustedKey(keys: KeyStore, kid: string | undefined) {
  const key = kid === undefined ? null : await keys.keyFor(kid)
  if (key === null) throw new errors.JWKSNoMatchingKey()
  return key
}

function toCaller({ sub, role }: JWTPayload): Caller | null {
  const known = ROLES.find((candidate): candidate is Role => candidate === role)
  return known !== undefined && isUserId(sub) ? { kind: 'user', userId: sub, role: known } : null
}

/** By shape alone: who signed has made the id. Whether it is header-safe ASCII is what matters here. */
function isUserId(sub: string | undefined): sub is UserId {
  return sub !== undefined && /^user_[0-9a-z]{26}$/.test(sub)
}

function reasonOf(error: errors.JOSEError): InvalidToken['reason'] {
  if (error instanceof errors.JWTExpired) return 'expired'
  return error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid ? 'malformed' : 'not_trusted'
}
