import { WorkerEntrypoint } from 'cloudflare:workers'
import { pullEvents } from '@shop/contracts/events/serve-events'
import type { OrdersRpc } from '@shop/contracts/orders/rpc'
import { answerRpc, type TracedRpc } from '@shop/http/rpc'
import type { TraceContext } from '@shop/http/trace'
import { ok } from '@shop/kernel/result'
import { areOrderTokens } from './access/are-order-tokens.ts'
import { maySeeOrder } from './access/may-see-order.ts'
import { orderTokenMails } from './access/order-token-mails.ts'
import { ordersDeps } from './deps.ts'
import { confirmEvents } from './events/confirm-events.ts'
import { capturesDue } from './fulfillment/captures-due.ts'
import { listOpenRefunds } from './fulfillment/list-open-refunds.ts'
import { releaseRefunds } from './fulfillment/release-refunds.ts'
import { reserveRefund } from './fulfillment/reserve-refund.ts'
import { creditGiftCards } from './gift-cards/credit-gift-cards.ts'
import { giftCardMails } from './gift-cards/gift-card-mails.ts'
import { issueStoreCredit } from './gift-cards/issue-store-credit.ts'
import { arePending } from './orders/are-pending.ts'
import { extendOrders } from './orders/extend-orders.ts'
import { orderMails } from './orders/order-mails.ts'
import { payableOrder } from './orders/payable-order.ts'
import { receiveEvents } from './payment-events/receive-events.ts'
import { exportCustomer } from './privacy/export-customer.ts'
import { toOrdersExport } from './privacy/routes/orders-export-view.ts'
import { receiveUsersEvents } from './users-events/receive-users-events.ts'

type RequestOf<M extends keyof OrdersRpc> = Parameters<OrdersRpc[M]>[0]

/** The methods that the users, payments and notifications workers may call. The contract describes them. */
export class OrdersService extends WorkerEntrypoint<OrdersEnv> implements TracedRpc<OrdersRpc> {
  payableOrder(access: RequestOf<'payableOrder'>, trace: TraceContext) {
    return answerRpc('payableOrder', trace, () => payableOrder(ordersDeps(this.env), access))
  }

  maySeeOrder(access: RequestOf<'maySeeOrder'>, trace: TraceContext) {
    return answerRpc('maySeeOrder', trace, () => maySeeOrder(ordersDeps(this.env), access))
  }

  areOrderTokens(tokens: RequestOf<'areOrderTokens'>, trace: TraceContext) {
    return answerRpc('areOrderTokens', trace, () => areOrderTokens(ordersDeps(this.env), tokens))
  }

  arePending(orderIds: RequestOf<'arePending'>, trace: TraceContext) {
    return answerRpc('arePending', trace, () => arePending(ordersDeps(this.env), orderIds))
  }

  extendOrders(orderIds: RequestOf<'extendOrders'>, trace: TraceContext) {
    return answerRpc('extendOrders', trace, () => extendOrders(ordersDeps(this.env), orderIds))
  }

  receiveEvents(events: RequestOf<'receiveEvents'>, trace: TraceContext) {
    return answerRpc('receiveEvents', trace, () => receiveEvents(ordersDeps(this.env), events))
  }

  capturesDue(parts: RequestOf<'capturesDue'>, trace: TraceContext) {
    return answerRpc('capturesDue', trace, () => capturesDue(ordersDeps(this.env), parts))
  }

  reserveRefund(request: RequestOf<'reserveRefund'>, trace: TraceContext) {
    return answerRpc('reserveRefund', trace, () => reserveRefund(ordersDeps(this.env), request))
  }

  releaseRefunds(refunds: RequestOf<'releaseRefunds'>, trace: TraceContext) {
    return answerRpc('releaseRefunds', trace, () => releaseRefunds(ordersDeps(this.env), refunds))
  }

  listOpenRefunds(page: RequestOf<'listOpenRefunds'>, trace: TraceContext) {
    return answerRpc('listOpenRefunds', trace, () => listOpenRefunds(ordersDeps(this.env), page))
  }

  creditGiftCards(credits: RequestOf<'creditGiftCards'>, trace: TraceContext) {
    return answerRpc('creditGiftCards', trace, () => creditGiftCards(ordersDeps(this.env), credits))
  }

  issueStoreCredit(credits: RequestOf<'issueStoreCredit'>, trace: TraceContext) {
    return answerRpc('issueStoreCredit', trace, () => issueStoreCredit(ordersDeps(this.env), credits))
  }

  giftCardMails(request: RequestOf<'giftCardMails'>, trace: TraceContext) {
    return answerRpc('giftCardMails', trace, () => giftCardMails(ordersDeps(this.env), request))
  }

  orderMails(request: RequestOf<'orderMails'>, trace: TraceContext) {
    return answerRpc('orderMails', trace, () => orderMails(ordersDeps(this.env), request))
  }

  orderTokenMails(request: RequestOf<'orderTokenMails'>, trace: TraceContext) {
    return answerRpc('orderTokenMails', trace, () => orderTokenMails(ordersDeps(this.env), request))
  }

  pullEvents(request: RequestOf<'pullEvents'>, trace: TraceContext) {
    return answerRpc('pullEvents', trace, () => pullEvents(ordersDeps(this.env), request))
  }

  confirmEvents(request: RequestOf<'confirmEvents'>, trace: TraceContext) {
    return answerRpc('confirmEvents', trace, () => confirmEvents(ordersDeps(this.env), request))
  }

  receiveUsersEvents(events: RequestOf<'receiveUsersEvents'>, trace: TraceContext) {
    return answerRpc('receiveUsersEvents', trace, () => receiveUsersEvents(ordersDeps(this.env), events))
  }

  exportCustomer(userId: RequestOf<'exportCustomer'>, trace: TraceContext) {
    return answerRpc('exportCustomer', trace, async () => {
      const known = await exportCustomer(ordersDeps(this.env), userId)
      return known.ok ? ok(toOrdersExport(known.value, userId)) : known
    })
  }
}
