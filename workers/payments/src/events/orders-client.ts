import type { OrderErased, OrderNotFound, OrderNotPayable } from '@shop/contracts/orders/failures'
import type { GiftCardCredit } from '@shop/contracts/orders/gift-cards'
import type { CaptureDue, OrdersRpc, PaymentsEvent, PaymentsReceipt, ShippedPart } from '@shop/contracts/orders/rpc'
import { alone, type Join, type ListCall } from '@shop/http/join-calls'
import { forEachAnswer } from '@shop/http/list-rpc'
import type { OrderId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'

/** Orders as work on one payment calls it. */
export type OrdersClient = Pick<
  OrdersRpc,
  | 'payableOrder'
  | 'maySeeOrder'
  | 'reserveRefund'
  | 'releaseRefunds'
  | 'listOpenRefunds'
  | 'pullEvents'
  | 'confirmEvents'
> & {
  isPending(orderId: OrderId): Promise<Result<boolean, OrderNotFound | ServiceUnavailable>>
  extendOrder(orderId: OrderId): Promise<Result<undefined, OrderNotFound | OrderNotPayable | ServiceUnavailable>>
  captureDue(part: ShippedPart): Promise<Result<CaptureDue, OrderNotFound | ServiceUnavailable>>
  receiveEvent(event: PaymentsEvent): Promise<Result<PaymentsReceipt, ServiceUnavailable>>
  creditGiftCards(credit: GiftCardCredit): Promise<Result<undefined, OrderNotFound | ServiceUnavailable>>
  issueStoreCredit(credit: GiftCardCredit): Promise<Result<undefined, OrderErased | OrderNotFound | ServiceUnavailable>>
}

/** @param join how calls about several payments become one; each is made alone by default */
export function ordersClient(orders: OrdersRpc, join: Join = alone): OrdersClient {
  return {
    payableOrder: (access) => orders.payableOrder(access),
    maySeeOrder: (access) => orders.maySeeOrder(access),
    reserveRefund: (request) => orders.reserveRefund(request),
    releaseRefunds: (refunds) => orders.releaseRefunds(refunds),
    listOpenRefunds: (page) => orders.listOpenRefunds(page),
    pullEvents: (request) => orders.pullEvents(request),
    confirmEvents: (request) => orders.confirmEvents(request),
    isPending: join(forEachAnswer((orderIds: OrderId[]) => orders.arePending(orderIds))),
    extendOrder: join(forEachAnswer((orderIds: OrderId[]) => orders.extendOrders(orderIds))),
    captureDue: join(forEachAnswer((parts: ShippedPart[]) => orders.capturesDue(parts))),
    receiveEvent: join(receiptsFrom(orders)),
    creditGiftCards: join(forEachAnswer((credits: GiftCardCredit[]) => orders.creditGiftCards(credits))),
    issueStoreCredit: join(forEachAnswer((credits: GiftCardCredit[]) => orders.issueStoreCredit(credits))),
  }
}

/** Receipts come in any order. */
function receiptsFrom(orders: OrdersRpc): ListCall<PaymentsEvent, Result<PaymentsReceipt, ServiceUnavailable>> {
  return async (events) => {
    const received = await orders.receiveEvents(events)
    if (!received.ok) return events.map(() => received)
    const receipts = new Map(received.value.map((receipt) => [receipt.eventId, receipt]))
    return events.map(({ id }) => {
      const receipt = receipts.get(id)
      return receipt === undefined ? fail({ code: 'service_unavailable' } as const) : ok(receipt)
    })
  }
}
