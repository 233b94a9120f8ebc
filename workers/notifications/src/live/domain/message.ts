import type { StockLevelMessage } from '@shop/contracts/catalog/stock-levels'
import type { ShopEvent } from '@shop/contracts/events/catalogue'
import { orderTopic, stockTopic } from './topic.ts'

/** What happened to the subject of a topic. */
export type LiveMessage = {
  topic: string
  /** Grows with each message of the topic: one that is not above the last has been told before. */
  position: number
  type: string
  /** Ids, states and amounts only; the client reads the rest by the API. */
  data: Record<string, unknown>
}

/** A message as it is kept where connections are; `number` grows by one with each message kept there. */
export type KeptMessage = Pick<LiveMessage, 'topic' | 'type' | 'data'> & { number: number }

/** The events that pages of an order are told. */
export type ShownEvent = ShopEvent<
  | 'order.authorized'
  | 'order.edited'
  | 'order.partially_paid'
  | 'order.paid'
  | 'order.shipped'
  | 'order.delivered'
  | 'order.cancelled'
  | 'order.refunded'
  | 'order.refund_returned'
  | 'shipment.shipped'
  | 'shipment.delivered'
>

/** The first message of a connection, after those that were missed. */
export const READY = 'live.ready'

export function messageOfEvent({ id, type, payload }: ShownEvent): LiveMessage {
  const { orderId, status } = payload
  const states =
    'paymentStatus' in payload
      ? { payment_status: payload.paymentStatus }
      : { fulfillment_status: payload.fulfillmentStatus, shipment_id: payload.shipmentId }
  return { topic: orderTopic(orderId), position: id, type, data: { order_id: orderId, status, ...states } }
}

export function messageOfLevel({ variantId, available, sequence }: StockLevelMessage): LiveMessage {
  const data = { variant_id: variantId, available }
  return { topic: stockTopic(variantId), position: sequence, type: 'stock.changed', data }
}

/** @param home the topic where the message is kept; numbers of another one say nothing */
const messageId = (home: string, number: number): string => `${number}@${home}`

/** The number in an id of the same home; undefined for any other text. */
export function numberIn(id: string | undefined, home: string): number | undefined {
  const [, number, of] = /^(\d{1,15})@(.+)$/.exec(id ?? '') ?? []
  return of === home ? Number(number) : undefined
}

/** A message as a socket gets it. `topic` is null for {@link READY}. */
export function textOf(
  home: string,
  { number, topic, type, data }: Omit<KeptMessage, 'topic'> & { topic: string | null },
): string {
  return JSON.stringify({ id: messageId(home, number), topic, type, data })
}

/** The same as a server-sent event. Source: https://html.spec.whatwg.org/multipage/server-sent-events.html */
export function serverSentEvent(text: string): string {
  const { id, type }: { id?: unknown; type?: unknown } = Object(JSON.parse(text))
  return `id: ${id}\nevent: ${type}\ndata: ${text}\n\n`
}
