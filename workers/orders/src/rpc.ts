import { WorkerEntrypoint } from 'cloudflare:workers'
import type { OrdersRpc } from '@shop/contracts/orders/rpc'
import { answerRpc, type TracedRpc } from '@shop/http/rpc'
import type { TraceContext } from '@shop/http/trace'
import { maySeeOrder } from './access/may-see-order.ts'
import { ordersDeps } from './deps.ts'
import { confirmEvents } from './events/confirm-events.ts'
import { pullEvents } from './events/pull-events.ts'
import { extendOrder } from './orders/extend-order.ts'
import { isPending } from './orders/is-pending.ts'
import { payableOrder } from './orders/payable-order.ts'
import { receiveEvents } from './payment-events/receive-events.ts'

type RequestOf<M extends keyof OrdersRpc> = Parameters<OrdersRpc[M]>[0]

/** The methods that the payments worker may call. The contract describes them. */
export class OrdersService extends WorkerEntrypoint<OrdersEnv> implements TracedRpc<OrdersRpc> {
  payableOrder(access: RequestOf<'payableOrder'>, trace: TraceContext) {
    return answerRpc('payableOrder', trace, () => payableOrder(ordersDeps(this.env), access))
  }

  maySeeOrder(access: RequestOf<'maySeeOrder'>, trace: TraceContext) {
    return answerRpc('maySeeOrder', trace, () => maySeeOrder(ordersDeps(this.env), access))
  }

  isPending(orderId: RequestOf<'isPending'>, trace: TraceContext) {
    return answerRpc('isPending', trace, () => isPending(ordersDeps(this.env), orderId))
  }

  extendOrder(orderId: RequestOf<'extendOrder'>, trace: TraceContext) {
    return answerRpc('extendOrder', trace, () => extendOrder(ordersDeps(this.env), orderId))
  }

  receiveEvents(events: RequestOf<'receiveEvents'>, trace: TraceContext) {
    return answerRpc('receiveEvents', trace, () => receiveEvents(ordersDeps(this.env), events))
  }

  pullEvents(request: RequestOf<'pullEvents'>, trace: TraceContext) {
    return answerRpc('pullEvents', trace, () => pullEvents(ordersDeps(this.env), request))
  }

  confirmEvents(request: RequestOf<'confirmEvents'>, trace: TraceContext) {
    return answerRpc('confirmEvents', trace, () => confirmEvents(ordersDeps(this.env), request))
  }
}
