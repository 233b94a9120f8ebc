import type { ShopEvent } from '@shop/contracts/events/catalogue'
import { deliverDue } from '@shop/contracts/events/deliver-due'
import type { Receipt } from '@shop/contracts/events/delivery'
import type { SweptBatch } from '@shop/contracts/service'
import { isId } from '@shop/kernel/ids'
import type { OrdersDeps } from '../deps.ts'

const BATCH = { consumer: 'orders_claims', limit: 200 } as const

/**
 * Gives orders that guests have just paid for to the accounts with their verified addresses. Driven by the events of these
 * orders, so that an order paid while the sweep is down is claimed later.
 */
export function claimPaidOrders(deps: Pick<OrdersDeps, 'claims' | 'events' | 'now' | 'warn'>): Promise<SweptBatch> {
  return deliverDue(deps, BATCH, async (due) => {
    await deps.claims.claimThese(due.flatMap(orderOfGuest), deps.now())
    return due.map(({ id }): Receipt => ({ eventId: id, outcome: 'done' }))
  })
}

function orderOfGuest(event: ShopEvent) {
  if (event.type !== 'order.paid' && event.type !== 'order.authorized') return []
  const { orderId, userId } = event.payload
  return userId === null && isId('order', orderId) ? [orderId] : []
}
