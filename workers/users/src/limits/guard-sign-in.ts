import type { RateLimited } from '@shop/kernel/failures'
import { fail, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { UsersDeps } from '../deps.ts'
import type { Outcome } from './domain/guesses.ts'
import { refusalOf } from './domain/refusal.ts'
import type { SignInAttempt } from './internal/sign-in-guard.ts'
import type { Limited } from './within-limits.ts'

/**
 * Checks a password if the limits of sign-ins allow one more try.
 *
 * Each try is counted before it is made, so that any number made at the same time cannot pass together. Only a wrong
 * password stays counted: one whose client left before the answer ends by itself within seconds.
 *
 * @param attempt checks the password, and does what a right one allows
 * @param isWrong whether a failure means that the password was wrong
 * @param isWhole whether a success is a whole sign-in. Half of one forgives no failures and makes no device known: else a right
 * password would bring new guesses of the second factor
 */
export async function guardSignIn<T, F>(
  deps: Pick<UsersDeps, 'signIns' | 'now'>,
  request: SignInAttempt,
  attempt: () => Promise<Result<T, F>>,
  isWrong: (failure: F) => boolean,
  isWhole: (value: T) => boolean = () => true,
): Promise<Limited<Result<T, F | RateLimited | ServiceUnavailable>>> {
  const begun = await deps.signIns.begin(request)
  if (!begun.ok) return { ...begun, limits: [] }
  const { statuses, settle } = begun.value
  const refusal = refusalOf(statuses, deps.now())
  if (refusal !== undefined) return { ...fail(refusal), limits: statuses }
  const result = await attempt().catch(async (error: unknown) => {
    await settle('undecided')
    throw error
  })
  const settled = await settle(outcomeOf(result, isWrong, isWhole))
  return settled.ok ? { ...result, limits: settled.value } : { ...settled, limits: [] }
}

function outcomeOf<T, F>(
  result: Result<T, F>,
  isWrong: (failure: F) => boolean,
  isWhole: (value: T) => boolean,
): Outcome {
  if (result.ok) return isWhole(result.value) ? 'right' : 'undecided'
  return isWrong(result.failure) ? 'wrong' : 'undecided'
}
