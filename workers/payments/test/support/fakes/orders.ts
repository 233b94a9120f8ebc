import type { OrdersRpc, PayableOrder } from '@shop/contracts'
import { fail, type OrderId, ok } from '@shop/kernel'
import { anOrder } from '../builders.ts'

const DOWN = fail({ code: 'service_unavailable' })

/**
 * The orders worker in memory, with one order. `isCancelled` orders take no money; a worker that `isDown` answers
 * nothing. `told` lists the calls that change the order.
 */
export class FakeOrders implements OrdersRpc {
  order: PayableOrder = anOrder()
  isCancelled = false
  isShipped = false
  isDown = false
  /** Whose token opens the order. */
  orderToken = 'token'
  readonly told: string[] = []

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
    return this.#tell('extendOrder', undefined)
  }

  async applyCapture() {
    return this.#tell('applyCapture', { outcome: this.isCancelled ? ('refund' as const) : ('paid' as const) })
  }

  async applyAuthorization() {
    const outcome = this.isCancelled ? ('void' as const) : ('authorized' as const)
    return this.#tell('applyAuthorization', { outcome })
  }

  async applyAuthorizationLost() {
    return this.#tell('applyAuthorizationLost', undefined)
  }

  async applyRefund() {
    return this.#tell('applyRefund', undefined)
  }

  async applyRefundReturned() {
    return this.#tell('applyRefundReturned', undefined)
  }

  async pullCancelled() {
    return this.isDown ? DOWN : ok(this.isCancelled ? [{ eventId: 1, orderId: this.order.orderId }] : [])
  }

  async confirmCancelled() {
    return this.#tell('confirmCancelled', undefined)
  }

  async pullShipped() {
    return this.isDown ? DOWN : ok(this.isShipped ? [{ eventId: 2, orderId: this.order.orderId }] : [])
  }

  async confirmShipped() {
    return this.#tell('confirmShipped', undefined)
  }

  #tell<T>(call: string, answer: T) {
    if (this.isDown) return DOWN
    this.told.push(call)
    return ok(answer)
  }
}
