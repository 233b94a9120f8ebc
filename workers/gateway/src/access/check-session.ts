import { log } from '@shop/http/log'
import type { HttpFailure } from '@shop/http/problems'
import type { Caller } from '@shop/kernel/caller'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { GatewayDeps } from '../deps.ts'
import { isWrite } from '../forwarding/domain/is-write.ts'

type InvalidToken = Extract<HttpFailure, { code: 'invalid_token' }>

/**
 * Checks that the session of a caller has not ended: for a write, as it is now; for a read, as it was in the last minute.
 * Who has no session (anonymous callers, guests) costs nothing. It fails closed, and never throws, so that it can run beside
 * reading the body.
 */
export async function checkSession(
  { sessions }: Pick<GatewayDeps, 'sessions'>,
  caller: Caller,
  method: string,
): Promise<Result<undefined, InvalidToken | ServiceUnavailable>> {
  if (caller.kind !== 'user' || caller.sessionId === undefined) return ok()
  const { userId, sessionId } = caller
  try {
    const isEnded = await sessions.isEnded({ userId, sessionId }, isWrite(method))
    return isEnded ? fail({ code: 'invalid_token', reason: 'ended' }) : ok()
  } catch (error) {
    log('error', 'revocations_unavailable', { error })
    return fail({ code: 'service_unavailable' })
  }
}
