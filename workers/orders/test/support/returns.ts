import type { OrderActor } from '@shop/contracts/orders/states'
import { newId } from '@shop/http/ids'
import type { Order } from '../../src/orders/domain/order.ts'
import type { Return } from '../../src/returns/domain/return.ts'
import { type ReceivedItem, type ReturnDraft, requestReturn } from '../../src/returns/domain/return-steps.ts'
import { AT, taken } from './shipments.ts'

export const STAFF: OrderActor = { kind: 'staff', userId: 'user_01jd4k2v9rf0fv8z3x1m5q7w2e' }
export const CUSTOMER: OrderActor = { kind: 'customer', userId: 'user_01jd4k2v9rf0fv8z3x1m5q7w2f' }

/** A return of so many units of each line. */
export const returnDraftOf = ({ lines }: Pick<Order, 'lines'>, quantities: number[]): ReturnDraft => ({
  note: null,
  items: quantities.flatMap((quantity, at) =>
    quantity === 0 ? [] : [{ lineId: lines[at]?.id ?? 'none', quantity, reason: 'unwanted' }],
  ),
})

/** So many units of each line that came back. */
export const receiptOf = ({ lines }: Pick<Order, 'lines'>, quantities: number[], restock = true): ReceivedItem[] =>
  quantities.flatMap((quantity, at) => (quantity === 0 ? [] : [{ lineId: lines[at]?.id ?? 'none', quantity, restock }]))

/** The order after a request for the return of so many units of each line, by staff if nobody else is named. */
export const requested = (order: Order, quantities: number[], by: OrderActor = STAFF): Order =>
  taken(order, requestReturn(order, returnDraftOf(order, quantities), { id: newId('return'), at: AT, by }))

/** The newest return of an order. */
export function newestReturn({ returns }: Order): Return {
  const last = returns.at(-1)
  if (last === undefined) throw new Error('No return')
  return last
}
