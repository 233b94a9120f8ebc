import type { TooManyOpenOrders, TooManyUnitsHeld } from '@shop/contracts/orders/failures'
import { fail, ok, type Result } from '@shop/kernel/result'

/** What one buyer may hold unpaid. */
export type BuyerCap = { openOrders: number; heldUnits: number }

/** `addressUnits` is for all guests and accounts that never paid together, from one client address. */
export type Caps = { guest: BuyerCap; customer: BuyerCap; addressUnits: number }

/** A counter of unpaid orders and their units, with its caps. `maxOrders` is null where only units count. */
export type BuyerCounter = {
  key: string
  scope: 'account' | 'email' | 'address'
  maxOrders: number | null
  maxUnits: number
}

/** What a counter counts now. `hasPaid` is about accounts. */
export type CounterState = { key: string; openOrders: number; heldUnits: number; hasPaid: boolean }

const NOTHING = { openOrders: 0, heldUnits: 0 }

/** The cap that an order would break, as the database names it. */
export type BrokenCap = 'open_orders' | 'held_units' | 'address_units'

/**
 * Checks an order of `units` against the counters that it would count in.
 *
 * @param states what the counters count; one that is not listed counts nothing. Undefined if they are unknown: then only the
 * order itself is checked
 */
export function checkCaps(
  units: number,
  counters: BuyerCounter[],
  states: CounterState[] | undefined,
): Result<undefined, TooManyOpenOrders | TooManyUnitsHeld> {
  // The address does not count for an account that has paid before, which is unknown without states.
  const isExempt = states === undefined || states.some(({ hasPaid }) => hasPaid)
  for (const counter of counters) {
    if (counter.scope === 'address' && isExempt) continue
    const { openOrders, heldUnits } = states?.find(({ key }) => key === counter.key) ?? NOTHING
    if (counter.maxOrders !== null && openOrders >= counter.maxOrders) return refusal('open_orders', counters)
    if (heldUnits + units > counter.maxUnits) {
      return refusal(counter.scope === 'address' ? 'address_units' : 'held_units', counters)
    }
  }
  return ok()
}

export function refusal(
  broken: BrokenCap,
  counters: BuyerCounter[],
): { ok: false; failure: TooManyOpenOrders | TooManyUnitsHeld } {
  const ofAddress = broken === 'address_units'
  const counter = counters.find(({ scope }) => (scope === 'address') === ofAddress)
  if (counter === undefined) throw new Error(`The order was not counted in what it broke: ${broken}`)
  return broken === 'open_orders' && counter.maxOrders !== null
    ? fail({ code: 'too_many_open_orders', maximum: counter.maxOrders })
    : fail({ code: 'too_many_units_held', maximum: counter.maxUnits, per: ofAddress ? 'address' : 'buyer' })
}
