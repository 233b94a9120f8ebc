import { newId } from '@shop/http/ids'
import type { RefundId, ShipmentId } from '@shop/kernel/ids'
import type { Result } from '@shop/kernel/result'
import { PhysicalOrder, type Quantities } from '@shop/testing/physical-order'
import { expect } from 'vitest'
import type { Order } from '../../src/orders/domain/order.ts'
import type { Step } from '../../src/orders/domain/steps.ts'
import { plainPart } from './purchases.ts'
import { AT, aShippableOrder, taken } from './shipments.ts'

type KnownRefund = {
  id: RefundId
  amount: number
  state: 'pending' | 'succeeded' | 'failed' | 'returned'
  /** Of a refund by line. */
  quantities: Quantities | undefined
  /** Units of an exchange stay refunded whatever becomes of the money. */
  isExchange?: true
}

/** What really happened: the units as things, the parcels, and the money as payments and banks moved it. */
export type Model = {
  units: PhysicalOrder
  parcels: Map<ShipmentId, 'packed' | 'gone' | 'delivered' | 'opened'>
  refunds: KnownRefund[]
  captured: number
  /** Lines that edits made smaller: a part of a minor unit may be left of them when all their units are refunded. */
  edited: Set<string>
}

/** The order as the shop decides it. */
export type Real = { order: Order }

/** A paid order with two lines that do not divide evenly by their units, and shipping for 4.90. */
export function aSale(): { model: Model; real: Real } {
  const plain = aShippableOrder()
  const [mugs, papers] = plain.lines
  if (mugs === undefined || papers === undefined) throw new Error('No lines')
  const lines = [
    { ...mugs, quantity: 4, ...plainPart(3_333) },
    { ...papers, quantity: 3, ...plainPart(1_000) },
  ]
  const captured = 3_333 + 1_000 + 490
  const shipping = { optionId: 'shopt_1', name: 'Parcel', estimate: null, isPickup: false, ...plainPart(490) }
  const order = { ...plain, lines, shipping, shippingTotal: 490, total: captured }
  const paid = { ...order, chargedAmount: captured, capturedAmount: captured }
  const units = new PhysicalOrder(Object.fromEntries(lines.map(({ id, quantity }) => [id, quantity])))
  return { model: { units, parcels: new Map(), refunds: [], captured, edited: new Set() }, real: { order: paid } }
}

/** Takes a decided step. @returns false where it was refused */
export function decide(real: Real, decided: Result<Step, unknown>): boolean {
  if (decided.ok) real.order = taken(real.order, decided)
  return decided.ok
}

export const madeNow = () => ({ id: newId('shipment'), at: AT })

/** So many units of each line; an edit may have left only one line. */
export function quantitiesOf({ order: { lines } }: Real, counts: readonly number[]): Quantities {
  const wanted = lines.length > 1 ? counts : counts.filter((count) => count > 0)
  return Object.fromEntries(lines.flatMap(({ id }, at) => (wanted[at] ? [[id, wanted[at]]] : [])))
}

export const itemsOf = (quantities: Quantities) =>
  Object.entries(quantities).map(([lineId, quantity]) => ({ lineId, quantity }))

export const sumOf = (refunds: readonly KnownRefund[], ...states: KnownRefund['state'][]): number =>
  refunds.filter(({ state }) => states.includes(state)).reduce((sum, { amount }) => sum + amount, 0)

const sum = (numbers: readonly number[]) => numbers.reduce((all, number) => all + number, 0)

/** What holds after every step, whatever came before it. */
export function assertHolds({ units, parcels, refunds, captured, edited }: Model, { order }: Real): void {
  for (const { id, quantity, total, units: counted } of order.lines) {
    const { toShip, ...there } = units.countsOf(id)
    const { refundedAmount, ...counts } = counted
    expect(counts).toEqual(there)
    expect(counted.packed + counted.shipped + counted.removed).toBe(quantity - toShip)
    expect(counted.returning + counted.returned).toBeLessThanOrEqual(counted.shipped)
    // Units whose money went back are those that never ship, and units that have shipped.
    expect(counted.refunded - counted.removed).toBeLessThanOrEqual(counted.shipped)
    // Never more money than was paid for the line; exactly that for all of its units.
    expect(refundedAmount).toBeLessThanOrEqual(total)
    if (!edited.has(id)) expect(refundedAmount === total).toBe(counted.refunded === quantity)
  }
  const standing = order.lineRefunds.filter(({ state }) => state !== 'released')
  const requested = standing.filter(({ origin }) => origin === 'request')
  const parts = requested.map(
    ({ items, shipping, restockingFee }) => sum(items.map(({ amount }) => amount)) + shipping - restockingFee,
  )
  expect(requested.map(({ amount }) => amount)).toEqual(parts)
  expect(sum(standing.flatMap(({ items }) => items.map(({ amount }) => amount)))).toBe(
    sum(order.lines.map((line) => line.units.refundedAmount)),
  )
  expect(sum(standing.map(({ shipping }) => shipping))).toBeLessThanOrEqual(order.shippingTotal)
  expect(order.refundedAmount).toBe(sumOf(refunds, 'succeeded'))
  expect(order.refundedAmount).toBeLessThanOrEqual(captured)
  expect(order.shipments.map(({ id, status }) => [id, status])).toEqual(
    [...parcels].map(([id, state]) => [
      id,
      { packed: 'packed', gone: 'shipped', delivered: 'delivered', opened: 'cancelled' }[state],
    ]),
  )
}
