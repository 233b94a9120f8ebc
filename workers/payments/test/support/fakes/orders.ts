import type { ShopEvent } from '@shop/contracts/events/catalogue'
import type { Receipt } from '@shop/contracts/events/delivery'
import type { OrdersRpc, PayableOrder, PaymentsEvent, PaymentsReceipt } from '@shop/contracts/orders/rpc'
import type { OrderId } from '@shop/kernel/ids'
import { fail, ok } from '@shop/kernel/result'
import { anOrder, now } from '../builders.ts'

const DOWN = fail({ code: 'service_unavailable' })

/**
 * The orders worker in memory, with one order. A worker that `isDown` answers nothing. `told` lists what it was told, by
 * the type of the event; `receipts` what its own events came to.
 */
export class FakeOrders implements OrdersRpc {
  order: PayableOrder = anOrder()
  isCancelled = false
  isShipped = false
  /** Payable, but it rejects the money when that arrives. */
  isSoldOut = false
  isDown = false
  /** The order token, which opens the order without an account. */
  orderToken = 'token'
  readonly told: string[] = []
  readonly receipts: Receipt[] = []
  /** In addition to the failures of the order's state. */
  readonly moreEvents: ShopEvent[] = []

  async payableOrder({ orderToken, caller }: Parameters<OrdersRpc['payableOrder']>[0]) {
    if (this.isDown) return DOWN
    const isOwner = caller.kind === 'user' && (caller.userId === this.order.userId || caller.role === 'admin')
    if (!isOwner && orderToken !== this.orderToken) return fail({ code: 'order_not_found' })
    return this.isCancelled ? fail({ code: 'order_not_payable', orderStatus: 'cancelled' }) : ok(this.order)
  }

  async maySeeOrder({ orderToken }: Parameters<OrdersRpc['maySeeOrder']>[0]) {
    return this.isDown ? DOWN : ok(orderToken === this.orderToken)
  }

  async isPending(_: OrderId) {
    return this.isDown ? DOWN : ok(!this.isCancelled)
  }

  async extendOrder(_: OrderId) {
    if (this.isDown) return DOWN
    this.told.push('extendOrder')
    return ok()
  }

  async receiveEvents(events: PaymentsEvent[]): ReturnType<OrdersRpc['receiveEvents']> {
    if (this.isDown) return DOWN
    this.told.push(...events.map(({ type }) => type))
    return ok(events.map((event) => this.#receiptOf(event)))
  }

  async pullEvents(): ReturnType<OrdersRpc['pullEvents']> {
    if (this.isDown) return DOWN
    const cancelled = this.isCancelled ? [this.#event(1, 'order.cancelled')] : []
    const shipped = this.isShipped ? [this.#event(2, 'order.shipped')] : []
    return ok([...cancelled, ...shipped, ...this.moreEvents])
  }

  async confirmEvents({ receipts }: Parameters<OrdersRpc['confirmEvents']>[0]) {
    this.receipts.push(...receipts)
    return ok()
  }

  #receiptOf({ id: eventId, type }: PaymentsEvent): PaymentsReceipt {
    if (type !== 'payment.captured' && type !== 'payment.authorized') return { eventId, outcome: 'done' }
    return { eventId, outcome: 'done', decision: this.isCancelled || this.isSoldOut ? 'rejected' : 'accepted' }
  }

  #event<T extends 'order.cancelled' | 'order.shipped'>(id: number, type: T): ShopEvent {
    const { orderId, userId, total, currency } = this.order
    const payload = {
      ...{ orderId, userId, total, currency, capturedAmount: 0, refundedAmount: 0, paymentId: null },
      status: type === 'order.cancelled' ? ('cancelled' as const) : ('shipped' as const),
      paymentStatus: 'unpaid' as const,
      cancelReason: null,
    }
    return { id, type, version: 1, key: orderId, sequence: id, payload, createdAt: now }
  }
}
