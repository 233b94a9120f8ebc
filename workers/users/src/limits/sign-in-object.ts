import { DurableObject } from 'cloudflare:workers'
import { guarded } from '@shop/http/guard'
import { beginGuess, type Guess, type GuessRules, guessesExpiry, type Outcome, settleGuess } from './domain/guesses.ts'
import { devicesExpiry, isKnown, type KnownDevice, rememberDevice } from './domain/known-devices.ts'
import type { QuotaStatus } from './domain/sliding-window.ts'

const SIGN_INS = 'sign_ins'

/** What an object keeps, in one value. */
type SignIns = { guesses: Guess[]; devices: KnownDevice[]; windowSeconds: number }

export type BeginSignIn = {
  id: string
  /** The hash of the id that the device gave. */
  device?: string | undefined
  /** For a device that has not signed in here before, and for one that has. */
  rules: { unknown: GuessRules; known: GuessRules }
}
export type SettleSignIn = {
  id: string
  outcome: Outcome
  rules: GuessRules
  forgives?: string | undefined
  /** The device to remember. */
  device?: string | undefined
}
export type BegunSignIn = { isKnown: boolean; statuses: QuotaStatus[] }

/**
 * The sign-ins of one account, or from one address: wrong guesses, and the devices that an account knows. It deletes
 * itself when nothing is left to remember.
 */
export class SignInObject extends DurableObject<UsersEnv> {
  /** No await between reading and writing, so two guesses cannot both use the last of a quota. */
  async begin({ id, device, rules }: BeginSignIn): Promise<BegunSignIn> {
    const now = new Date()
    const { guesses, devices } = this.#read()
    const known = device !== undefined && isKnown(devices, device, now)
    const applied = known ? rules.known : rules.unknown
    const { log, statuses } = beginGuess(guesses, { id, rules: applied }, now)
    const { windowSeconds } = applied
    // What was refused needs no write: a refused guess is not counted.
    if (statuses.every(({ isAllowed }) => isAllowed)) await this.#save({ guesses: log, devices, windowSeconds })
    return { isKnown: known, statuses }
  }

  /** Repeating a call changes nothing. */
  async settle({ device, ...settled }: SettleSignIn): Promise<QuotaStatus[]> {
    const now = new Date()
    const { guesses, devices: before } = this.#read()
    const { log, statuses } = settleGuess(guesses, settled, now)
    const devices = device === undefined ? before : rememberDevice(before, device, now)
    await this.#save({ guesses: log, devices, windowSeconds: settled.rules.windowSeconds })
    return statuses
  }

  async remember(device: string): Promise<void> {
    const kept = this.#read()
    await this.#save({ ...kept, devices: rememberDevice(kept.devices, device, new Date()) })
  }

  override async alarm(): Promise<void> {
    await guarded('sign_in_alarm_failed', async () => {
      const end = expiryOf(this.#read())
      // A write may have come between the alarm and this call.
      if (end > Date.now()) await this.ctx.storage.setAlarm(end)
      else await this.ctx.storage.deleteAll()
    })
  }

  #read(): SignIns {
    return { guesses: [], devices: [], windowSeconds: 0, ...this.ctx.storage.kv.get<Partial<SignIns>>(SIGN_INS) }
  }

  async #save(kept: SignIns): Promise<void> {
    if (kept.guesses.length === 0 && kept.devices.length === 0) return this.ctx.storage.deleteAll()
    this.ctx.storage.kv.put(SIGN_INS, kept)
    await this.ctx.storage.setAlarm(expiryOf(kept))
  }
}

/** When nothing of it counts any more, in milliseconds since the epoch. */
function expiryOf({ guesses, devices, windowSeconds }: SignIns): number {
  const ends = [guessesExpiry(guesses, windowSeconds), devicesExpiry(devices)]
  return Math.max(...ends.map((end) => end?.getTime() ?? 0))
}
