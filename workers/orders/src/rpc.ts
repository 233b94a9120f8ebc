import { WorkerEntrypoint } from 'cloudflare:workers'
import type { Caller, CancelledOrder, CapturedPayment, OrderId, OrdersRpc, PaymentId } from '@shop/contracts'
import { answerRpc, type TraceContext, type TracedRpc } from '@shop/http'
import { ordersDeps } from './deps.ts'
import { applyCapture } from './operations/apply-capture.ts'
import { applyRefund } from './operations/apply-refund.ts'
import { confirmCancelled } from './operations/confirm-cancelled.ts'
import { extendOrder } from './operations/extend-order.ts'
import { isPending } from './operations/is-pending.ts'
import { payableOrder } from './operations/payable-order.ts'
import { pullCancelled } from './operations/pull-cancelled.ts'

/** What the payments worker may ask. */
export class OrdersService extends WorkerEntrypoint<OrdersEnv> implements TracedRpc<OrdersRpc> {
  payableOrder(request: { orderId: string; caller: Caller }, trace: TraceContext) {
    return answerRpc('payableOrder', trace, () => payableOrder(ordersDeps(this.env), request))
  }

  isPending(orderId: OrderId, trace: TraceContext) {
    return answerRpc('isPending', trace, () => isPending(ordersDeps(this.env), orderId))
  }

  extendOrder(orderId: OrderId, trace: TraceContext) {
    return answerRpc('extendOrder', trace, () => extendOrder(ordersDeps(this.env), orderId))
  }

  applyCapture(payment: CapturedPayment, trace: TraceContext) {
    return answerRpc('applyCapture', trace, () => applyCapture(ordersDeps(this.env), payment))
  }

  applyRefund(payment: { orderId: OrderId; paymentId: PaymentId }, trace: TraceContext) {
    return answerRpc('applyRefund', trace, () => applyRefund(ordersDeps(this.env), payment))
  }

  pullCancelled(limit: number, trace: TraceContext) {
    return answerRpc('pullCancelled', trace, () => pullCancelled(ordersDeps(this.env), limit))
  }

  confirmCancelled(event: CancelledOrder, trace: TraceContext) {
    return answerRpc('confirmCancelled', trace, () => confirmCancelled(ordersDeps(this.env), event))
  }
}
