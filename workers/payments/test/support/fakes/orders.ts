import type { ShopEvent } from '@shop/contracts/events/catalogue'
import type { Receipt } from '@shop/contracts/events/delivery'
import type { QuantityExceedsRefundable } from '@shop/contracts/orders/failures'
import type { GiftCardCredit } from '@shop/contracts/orders/gift-cards'
import type {
  CaptureDue,
  PayableOrder,
  PaymentsEvent,
  PaymentsReceipt,
  RefundOfOrder,
  RefundReservation,
  ShippedPart,
} from '@shop/contracts/orders/rpc'
import type { OrderId, RefundId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
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
  /** Paid: it waits for no payment. */
  isPaid = false
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
    return this.isDown ? DOWN : ok(!this.isCancelled && !this.isPaid)
  }

  async extendOrder(_: OrderId) {
    if (this.isDown) return DOWN
    this.told.push('extendOrder')
    return ok()
  }

  /** What is to be captured; all of the order by default. */
  due: Partial<CaptureDue> = {}

  async captureDue(_: ShippedPart): ReturnType<OrdersClient['captureDue']> {
    if (this.isDown) return DOWN
    const { amountDue } = this.order
    return ok({ shipped: amountDue, total: amountDue, shipments: this.isShipped ? 1 : 0, isLast: true, ...this.due })
  }

  /** Refunds by line, by the amount that they come to. */
  readonly lineRefunds = new Map<RefundId, number>()
  /** What a refund by line amounts to, or how it is refused. */
  lineAmount: Result<{ amount: number }, QuantityExceedsRefundable> = ok({ amount: 1_000 })

  async reserveRefund({ refundId }: RefundReservation): ReturnType<OrdersClient['reserveRefund']> {
    if (this.isDown) return DOWN
    const known = this.lineRefunds.get(refundId)
    if (known !== undefined) return ok({ amount: known })
    if (this.lineAmount.ok) this.lineRefunds.set(refundId, this.lineAmount.value.amount)
    return this.lineAmount
  }

  async releaseRefunds(refunds: RefundOfOrder[]): ReturnType<OrdersClient['releaseRefunds']> {
    if (this.isDown) return DOWN
    for (const { refundId } of refunds) this.lineRefunds.delete(refundId)
    return ok(refunds.map(() => ok()))
  }

  /** What gift cards got back, and what was given as new ones, by the refund. */
  readonly credited = new Map<RefundId, GiftCardCredit>()
  readonly issued = new Map<RefundId, GiftCardCredit>()

  async creditGiftCards(credit: GiftCardCredit): ReturnType<OrdersClient['creditGiftCards']> {
    if (this.isDown) return DOWN
    this.credited.set(credit.refundId, credit)
    return ok()
  }

  async issueStoreCredit(credit: GiftCardCredit): ReturnType<OrdersClient['issueStoreCredit']> {
    if (this.isDown) return DOWN
    this.issued.set(credit.refundId, credit)
    return ok()
  }

  async listOpenRefunds({
    after,
    limit,
  }: Parameters<OrdersClient['listOpenRefunds']>[0]): ReturnType<OrdersClient['listOpenRefunds']> {
    if (this.isDown) return DOWN
    const ids = [...this.lineRefunds.keys()]
    const start = after === undefined ? 0 : ids.indexOf(after) + 1
    return ok(ids.slice(start, start + limit).map((refundId) => ({ refundId, orderId: this.order.orderId })))
  }

  async receiveEvent(event: PaymentsEvent): ReturnType<OrdersClient['receiveEvent']> {
    if (this.isDown) return DOWN
    this.told.push(event.type)
    return ok(this.#receiptOf(event))
  }

  async pullEvents(): ReturnType<OrdersClient['pullEvents']> {
    if (this.isDown) return DOWN
    const cancelled = this.isCancelled ? [this.#event(1, 'order.cancelled')] : []
    const shipped = this.isShipped ? [this.#event(2, 'shipment.shipped')] : []
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

  #event(id: number, type: 'order.cancelled' | 'shipment.shipped'): ShopEvent {
    const { orderId, userId, amountDue: total, currency } = this.order
    if (type === 'shipment.shipped') {
      const items = [{ lineId: 'line_1', quantity: 1 }]
      const shipment = { shipmentId: 'ship_1', shipmentStatus: 'shipped', items } as const
      const order = { orderId, userId, status: 'shipped', fulfillmentStatus: 'fulfilled' } as const
      return { id, type, version: 1, key: orderId, sequence: id, payload: { ...order, ...shipment }, createdAt: now }
    }
    const payload = {
      ...{ orderId, userId, total, currency, capturedAmount: 0, refundedAmount: 0, paymentId: null },
      status: 'cancelled' as const,
      paymentStatus: 'unpaid' as const,
      cancelReason: null,
    }
    return { id, type, version: 1, key: orderId, sequence: id, payload, createdAt: now }
  }
}
