import { type BrokenCap, type BuyerCounter, type CounterState, checkCaps } from '../../src/buyers/domain/caps.ts'
import { type Order, unitsOf } from '../../src/orders/domain/order.ts'

/** The counters of buyers, each time counted from the orders that are pending. */
export function memoryCounters(all: () => Order[]) {
  const countedIn = new Map<string, BuyerCounter[]>()
  const isCountedIn = ({ id }: Order, key: string) => countedIn.get(id)?.some((counter) => counter.key === key) === true
  const stateOf = ({ key }: BuyerCounter): CounterState => {
    const orders = all().filter((order) => isCountedIn(order, key))
    const open = orders.filter(({ status }) => status === 'pending')
    const units = open.reduce((sum, { lines }) => sum + unitsOf(lines), 0)
    const hasPaid = key.startsWith('account:') && orders.some(({ paymentStatus }) => paymentStatus === 'paid')
    return { key, openOrders: open.length, heldUnits: units, hasPaid }
  }
  const statesOf = (counters: BuyerCounter[]) => counters.map(stateOf)
  return {
    statesOf,
    brokenBy: (order: Order, counters: BuyerCounter[]): BrokenCap | undefined => {
      const checked = checkCaps(unitsOf(order.lines), counters, statesOf(counters))
      if (checked.ok) return undefined
      if (checked.failure.code === 'too_many_open_orders') return 'open_orders'
      return checked.failure.per === 'address' ? 'address_units' : 'held_units'
    },
    add: ({ id }: Order, counters: BuyerCounter[]) => countedIn.set(id, counters),
  }
}
