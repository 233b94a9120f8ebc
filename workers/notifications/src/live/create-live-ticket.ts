import type { VariantNotFound } from '@shop/contracts/catalog/failures'
import type { OrderCredentials } from '@shop/contracts/orders/access'
import type { OrderNotFound } from '@shop/contracts/orders/failures'
import { sha256Hex } from '@shop/kernel/hash'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { NotificationsDeps } from '../deps.ts'
import { credentialOf, ticketExpiry } from './domain/ticket.ts'
import { orderIdsIn, parseTopic, sortedTopics } from './domain/topic.ts'

type CreateDeps = Pick<NotificationsDeps, 'orderAccess' | 'catalog' | 'live' | 'newTicket' | 'now'>
type TopicFailure = OrderNotFound | VariantNotFound | ServiceUnavailable

export type CreatedTicket = { token: string; topics: string[]; expiresAt: Date }

/**
 * A ticket for one connection that listens to topics. The rights are checked now: another's order reads as not found, and
 * anybody may listen to the stock of what is for sale.
 *
 * @param names well-formed, 1 to 20
 */
export async function createLiveTicket(
  deps: CreateDeps,
  credentials: OrderCredentials,
  names: readonly string[],
): Promise<Result<CreatedTicket, TopicFailure>> {
  const topics = sortedTopics(names)
  const [orders, stock] = await Promise.all([checkOrders(deps, credentials, topics), checkStock(deps, topics)])
  if (!orders.ok) return orders
  if (!stock.ok) return stock
  const now = deps.now()
  const token = deps.newTicket()
  const expiresAt = ticketExpiry(now)
  const credential = await credentialOf(credentials, topics)
  await deps.live.create({ tokenHash: await sha256Hex(token), topics, credential, expiresAt }, now)
  return ok({ token, topics, expiresAt })
}

async function checkOrders(
  { orderAccess }: Pick<CreateDeps, 'orderAccess'>,
  credentials: OrderCredentials,
  topics: readonly string[],
): Promise<Result<undefined, OrderNotFound | ServiceUnavailable>> {
  const visible = await Promise.all(
    orderIdsIn(topics).map((orderId) => orderAccess.maySeeOrder({ ...credentials, orderId })),
  )
  for (const one of visible) {
    if (!one.ok) return one
    if (!one.value) return fail({ code: 'order_not_found' })
  }
  return ok()
}

async function checkStock(
  { catalog }: Pick<CreateDeps, 'catalog'>,
  topics: readonly string[],
): Promise<Result<undefined, VariantNotFound | ServiceUnavailable>> {
  const refs = topics
    .map(parseTopic)
    .flatMap((topic) => (topic?.about === 'stock' ? [{ variantId: topic.variantId }] : []))
  if (refs.length === 0) return ok()
  const quotes = await catalog.quoteEach({ refs })
  if (!quotes.ok) return quotes
  const missing = refs.find((_, index) => quotes.value[index]?.ok !== true)
  return missing === undefined ? ok() : fail({ code: 'variant_not_found', variantId: missing.variantId })
}
