import { WorkerEntrypoint } from 'cloudflare:workers'
import type { OrdersRpc } from '@shop/contracts'
import { answerRpc, type TraceContext, type TracedRpc } from '@shop/http'
import { maySeeOrder } from './access/may-see-order.ts'
import { confirmCancelled } from './announcements/confirm-cancelled.ts'
import { confirmShipped } from './announcements/confirm-shipped.ts'
import { pullCancelled } from './announcements/pull-cancelled.ts'
import { pullShipped } from './announcements/pull-shipped.ts'
import { ordersDeps } from './deps.ts'
import { extendOrder } from './orders/extend-order.ts'
import { isPending } from './orders/is-pending.ts'
import { payableOrder } from './orders/payable-order.ts'
import { applyAuthorization } from './payment-events/apply-authorization.ts'
import { applyAuthorizationLost } from './payment-events/apply-authorization-lost.ts'
import { applyCapture } from './payment-events/apply-capture.ts'
import { applyRefund } from './payment-events/apply-refund.ts'
import { applyRefundReturned } from './payment-events/apply-refund-returned.ts'

type Asked<M extends keyof OrdersRpc> = Parameters<OrdersRpc[M]>[0]

/** What the payments worker may ask; its methods are described in the contract. */
export class OrdersService extends WorkerEntrypoint<OrdersEnv> implements TracedRpc<OrdersRpc> {
  payableOrder(access: Asked<'payableOrder'>, trace: TraceContext) {
    return answerRpc('payableOrder', trace, () => payableOrder(ordersDeps(this.env), access))
  }

  maySeeOrder(access: Asked<'maySeeOrder'>, trace: TraceContext) {
    return answerRpc('maySeeOrder', trace, () => maySeeOrder(ordersDeps(this.env), access))
  }

  isPending(orderId: Asked<'isPending'>, trace: TraceContext) {
    return answerRpc('isPending', trace, () => isPending(ordersDeps(this.env), orderId))
  }

  extendOrder(orderId: Asked<'extendOrder'>, trace: TraceContext) {
    return answerRpc('extendOrder', trace, () => extendOrder(ordersDeps(this.env), orderId))
  }

  applyAuthorization(payment: Asked<'applyAuthorization'>, trace: TraceContext) {
    return answerRpc('applyAuthorization', trace, () => applyAuthorization(ordersDeps(this.env), payment))
  }

  applyAuthorizationLost(payment: Asked<'applyAuthorizationLost'>, trace: TraceContext) {
    return answerRpc('applyAuthorizationLost', trace, () => applyAuthorizationLost(ordersDeps(this.env), payment))
  }

  applyCapture(payment: Asked<'applyCapture'>, trace: TraceContext) {
    return answerRpc('applyCapture', trace, () => applyCapture(ordersDeps(this.env), payment))
  }

  applyRefund(refund: Asked<'applyRefund'>, trace: TraceContext) {
    return answerRpc('applyRefund', trace, () => applyRefund(ordersDeps(this.env), refund))
  }

  applyRefundReturned(refund: Asked<'applyRefundReturned'>, trace: TraceContext) {
    return answerRpc('applyRefundReturned', trace, () => applyRefundReturned(ordersDeps(this.env), refund))
  }

  pullCancelled(limit: Asked<'pullCancelled'>, trace: TraceContext) {
    return answerRpc('pullCancelled', trace, () => pullCancelled(ordersDeps(this.env), limit))
  }

  confirmCancelled(event: Asked<'confirmCancelled'>, trace: TraceContext) {
    return answerRpc('confirmCancelled', trace, () => confirmCancelled(ordersDeps(this.env), event))
  }

  pullShipped(limit: Asked<'pullShipped'>, trace: TraceContext) {
    return answerRpc('pullShipped', trace, () => pullShipped(ordersDeps(this.env), limit))
  }

  confirmShipped(event: Asked<'confirmShipped'>, trace: TraceContext) {
    return answerRpc('confirmShipped', trace, () => confirmShipped(ordersDeps(this.env), event))
  }
}
