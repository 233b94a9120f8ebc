import type { Limit } from '@shop/contracts/limit'
import { LIMITS } from '@shop/contracts/limits'
import type { GuessRules, Pool } from './guesses.ts'

/** The pool of what nobody has signed in with before: addresses and devices together. */
const STRANGERS = 'strangers'

/** The rules of one object, and the limit of each of its pools. */
export type LimitedRules = { rules: GuessRules; limits: Limit[] }

/** Of an address, whatever the accounts. Nothing clears it. */
export function addressRules(limit: Limit): LimitedRules {
  return { rules: { windowSeconds: limit.windowSeconds, pools: [poolOf('address', limit)] }, limits: [limit] }
}

/**
 * Of an account. Strangers, however many addresses they have, share one pool of guesses, and each address has one of its
 * own, so that a single guesser does not use up the shared one. A device that the account knows has only its own pool:
 * strangers cannot lock its owner out.
 *
 * @param who hashes
 */
export function accountRules(who: { address: string; device?: string | undefined }): {
  unknown: LimitedRules
  known: LimitedRules
} {
  const { signInFailures, accountFailures } = LIMITS
  const { windowSeconds } = accountFailures
  return {
    unknown: {
      rules: {
        windowSeconds,
        pools: [poolOf(addressPool(who.address), signInFailures), poolOf(STRANGERS, accountFailures)],
      },
      limits: [signInFailures, accountFailures],
    },
    known: {
      rules: { windowSeconds, pools: [poolOf(devicePool(who.device), signInFailures)] },
      limits: [signInFailures],
    },
  }
}

/** The pool that a right password clears. */
export function forgivenPool(who: { address: string; device?: string | undefined }, isKnown: boolean): string {
  return isKnown ? devicePool(who.device) : addressPool(who.address)
}

const addressPool = (hash: string) => `address:${hash}`
const devicePool = (hash = '') => `device:${hash}`

function poolOf(name: string, { quota, firstDelaySeconds }: Limit): Pool {
  return { name, quota, firstDelaySeconds }
}
