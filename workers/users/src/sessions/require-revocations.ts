import { log } from '@shop/http/log'
import type { UserId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { UsersDeps } from '../deps.ts'

/**
 * Asks whether the revocation object of a user answers, before a change is saved that ends sessions: a password, a role, an
 * e-mail address, factors. While it does not, the change is refused as a whole. Saved without it, the change would leave old
 * access tokens their writes, and a link of a mail would be used up by a call that has to be repeated.
 *
 * The object may still be lost between this and `endSessions`, which then answers 503 for a change that is saved; the event of
 * each ended session makes the sweep tell it.
 */
export async function requireRevocations(
  { revocations }: Pick<UsersDeps, 'revocations'>,
  userId: UserId,
): Promise<Result<undefined, ServiceUnavailable>> {
  try {
    await revocations.reach(userId)
    return ok()
  } catch (error) {
    log('error', 'revocations_unavailable', { error })
    return fail({ code: 'service_unavailable' })
  }
}
