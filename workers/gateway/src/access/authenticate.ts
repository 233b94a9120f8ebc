import type { HttpFailure } from '@shop/http/problems'
import { isApiKeyLike } from '@shop/kernel/api-key'
import { ANONYMOUS, type Caller } from '@shop/kernel/caller'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { GatewayDeps } from '../deps.ts'
import { isWrite } from '../forwarding/domain/is-write.ts'
import { takesCaller } from '../forwarding/domain/routing.ts'
import { readAuthorization } from './domain/authorization.ts'
import { verifyAccessToken } from './internal/access-token.ts'

type InvalidToken = Extract<HttpFailure, { code: 'invalid_token' }>

/**
 * Who makes a request, by its Authorization header: an access token or an API key.
 *
 * @throws Unavailable when users does not answer and the credential cannot be judged without it
 */
export async function authenticate(
  deps: Pick<GatewayDeps, 'keys' | 'apiKeys' | 'now' | 'settings'>,
  { method, path, authorization }: { method: string; path: string; authorization: string | undefined },
): Promise<Result<Caller, InvalidToken>> {
  if (!takesCaller(path)) return ok(ANONYMOUS)
  const presented = readAuthorization(authorization)
  if (presented.kind === 'nothing') return ok(ANONYMOUS)
  if (presented.kind === 'unreadable') return fail({ code: 'invalid_token', reason: 'malformed' })
  if (isApiKeyLike(presented.token)) return deps.apiKeys.callerOf(presented.token, isWrite(method))
  const { TOKEN_ISSUER: issuer, TOKEN_AUDIENCE: audience } = deps.settings
  return verifyAccessToken(presented.token, deps.keys, { issuer, audience, now: deps.now() })
}
