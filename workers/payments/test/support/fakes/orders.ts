import type { ShopEvent } from '@shop/contracts/events/catalogue'
import type { Receipt } from '@shop/contracts/events/delivery'
import type { PayableOrder, PaymentsEvent, PaymentsReceipt } from '@shop/contracts/orders/rpc'
import type { OrderId } from '@shop/kernel/ids'
import { fail, ok } from '@shop/kernel/result'
import type { OrdersClient } from '../../../src/events/orders-client.ts'
import { anOrder, now } from '../builders.ts'

const DOWN = fail({ code: 'service_unavailable' })

/**
 * The orders worker in memory, with one order. A worker that `isDown` answers nothing. `told` lists what it was told, by
 * the type of the event; `receipts` what its own events came to.
 */
export class FakeOrders implements OrdersClient {
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

  async payableOrder({ orderToken, caller }: Parameters<OrdersClient['payableOrder']>[0]) {
    if (this.isDown) return DOWN
    const isOwner = caller.kind === 'user' && (caller.userId === this.order.userId || caller.role === 'admin')
    if (!isOwner && orderToken !== this.orderToken) return fail({ code: 'order_not_found' })
    return this.isCancelled ? fail({ code: 'order_not_payable', orderStatus: 'cancelled' }) : ok(this.order)
  }

  async maySeeOrder({ orderToken }: Parameters<OrdersClient['maySeeOrder']>[0]) {
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

  async receiveEvent(event: PaymentsEvent): ReturnType<OrdersClient['receiveEvent']> {
    if (this.isDown) return DOWN
    this.told.push(event.type)
    return ok(this.#receiptOf(event))
  }

  async pullEvents(): ReturnType<OrdersClient['pullEvents']> {
    if (this.isDown) return DOWN
    const cancelled = this.isCancelled ? [this.#event(1, 'order.cancelled')] : []
    const shipped = this.isShipped ? [this.#event(2, 'order.shipped')] : []
    const isOver = (id: number) => this.receipts.some(({ eventId, outcome }) => eventId === id && outcome !== 'failed')
    return ok([...cancelled, ...shipped, ...this.moreEvents].filter(({ id }) => !isOver(id)))
  }

  async confirmEvents({ receipts }: Parameters<OrdersClient['confirmEvents']>[0]) {
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
