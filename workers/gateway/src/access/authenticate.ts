import type { HttpFailure } from '@shop/http/problems'
import { ANONYMOUS, type Caller } from '@shop/kernel/caller'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { GatewayDeps } from '../deps.ts'
import { takesCaller } from '../forwarding/domain/routing.ts'
import { readAuthorization } from './domain/authorization.ts'
import { verifyAccessToken } from './internal/access-token.ts'

type InvalidToken = Extract<HttpFailure, { code: 'invalid_token' }>

/**
 * Who makes a request, by its Authorization header.
 *
 * @throws Unavailable when users does not answer and no keys are known
 */
export async function authenticate(
  deps: Pick<GatewayDeps, 'keys' | 'now' | 'settings'>,
  { path, authorization }: { path: string; authorization: string | undefined },
): Promise<Result<Caller, InvalidToken>> {
  if (!takesCaller(path)) return ok(ANONYMOUS)
  const presented = readAuthorization(authorization)
  if (presented.kind === 'nothing') return ok(ANONYMOUS)
  if (presented.kind === 'unreadable') return fail({ code: 'invalid_token', reason: 'malformed' })
  const { TOKEN_ISSUER: issuer, TOKEN_AUDIENCE: audience } = deps.settings
  return verifyAccessToken(presented.token, deps.keys, { issuer, audience, now: deps.now() })
}
