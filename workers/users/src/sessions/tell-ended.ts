import { log } from '@shop/http/log'
import type { SessionId, UserId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { UsersDeps } from '../deps.ts'

type Ended = { userId: UserId; sessionId: SessionId }

/**
 * Tells the revocation objects of ended sessions, so that access ends at once and not when the tokens expire. Only then may
 * an end be answered as done; the sweep repeats what fails here.
 */
export async function tellEnded(
  { revocations }: Pick<UsersDeps, 'revocations'>,
  ended: readonly Ended[],
): Promise<Result<undefined, ServiceUnavailable>> {
  const users = Map.groupBy(ended, ({ userId }) => userId)
  const told = [...users].map(([userId, sessions]) =>
    revocations.end(
      userId,
      sessions.map(({ sessionId }) => sessionId),
    ),
  )
  try {
    await Promise.all(told)
    return ok()
  } catch (error) {
    log('error', 'session_end_not_told', { error })
    return fail({ code: 'service_unavailable' })
  }
}
