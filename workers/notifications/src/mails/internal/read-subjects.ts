import { fail, ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { NotificationsDeps } from '../../deps.ts'
import type { ReadSubjects } from '../domain/letters.ts'
import { mapBy, unique } from '../domain/lookup.ts'
import type { MailSubject } from '../domain/plan-mail.ts'
import { readGiftCards } from '../read-gift-cards.ts'
import { readOrders } from '../read-orders.ts'

export type ReadDeps = Pick<NotificationsDeps, 'users' | 'orders' | 'catalog'> & {
  webhookEndpoints: Pick<NotificationsDeps['webhookEndpoints'], 'findEach'>
}

/** Staff who get one mail, at most. */
const MOST_STAFF = 20

/**
 * Reads what the mails are about, fresh: at most one call of each method for each kind of mail, however many there are. What does not exist any
 * more is missing.
 */
export async function readSubjects(
  deps: ReadDeps,
  subjects: readonly MailSubject[],
): Promise<Result<ReadSubjects, ServiceUnavailable>> {
  const orderIds = unique(subjects.flatMap((one) => (one.about === 'order' ? [one.orderId] : [])))
  const eventIds = unique(subjects.flatMap((one) => (one.about === 'account' ? [one.eventId] : [])))
  const variantIds = unique(subjects.flatMap((one) => (one.about === 'stock' ? [one.variantId] : [])))
  const tokenEventIds = subjects.flatMap((one) => (one.about === 'order' ? (one.tokenEventId ?? []) : []))
  const endpointIds = unique(subjects.flatMap((one) => (one.about === 'webhook' ? [one.endpointId] : [])))
  const giftCardIds = unique(subjects.flatMap((one) => (one.about === 'gift_card' ? [one.giftCardId] : [])))
  const [orders, tokens, accounts, stock, webhooks, giftCards] = await Promise.all([
    readOrders(deps, orderIds),
    tokenEventIds.length === 0 ? ok([]) : deps.orders.orderTokenMails({ eventIds: tokenEventIds }),
    eventIds.length === 0 ? ok([]) : deps.users.accountMails({ eventIds }),
    readStock(deps, variantIds),
    readEndpoints(deps, endpointIds),
    readGiftCards(deps, giftCardIds),
  ])
  if (!orders.ok || !tokens.ok || !accounts.ok || !stock.ok || !webhooks.ok || !giftCards.ok)
    return fail({ code: 'service_unavailable' })
  const byEvent = {
    tokens: mapBy(tokens.value, ({ eventId }) => eventId),
    accounts: mapBy(accounts.value, ({ eventId }) => eventId),
  }
  return ok({ ...orders.value, ...stock.value, ...webhooks.value, ...giftCards.value, ...byEvent })
}

/** Variants by their names, and the staff who look after them. */
async function readStock(
  { catalog, users }: Pick<ReadDeps, 'catalog' | 'users'>,
  variantIds: number[],
): Promise<Result<Pick<ReadSubjects, 'staff' | 'quotes'>, ServiceUnavailable>> {
  if (variantIds.length === 0) return ok({ staff: [], quotes: new Map() })
  const [quotes, staff] = await Promise.all([
    catalog.quoteEach({ refs: variantIds.map((variantId) => ({ variantId })) }),
    users.staffContacts({ scope: 'inventory:read', limit: MOST_STAFF }),
  ])
  if (!quotes.ok || !staff.ok) return fail({ code: 'service_unavailable' })
  const found = quotes.value.flatMap((quote) => (quote.ok ? [quote.value] : []))
  return ok({ staff: staff.value, quotes: mapBy(found, ({ variantId }) => variantId) })
}

/** Webhook endpoints, and the staff who may change them. */
async function readEndpoints(
  { webhookEndpoints, users }: Pick<ReadDeps, 'webhookEndpoints' | 'users'>,
  endpointIds: string[],
): Promise<Result<Pick<ReadSubjects, 'integrators' | 'endpoints'>, ServiceUnavailable>> {
  if (endpointIds.length === 0) return ok({ integrators: [], endpoints: new Map() })
  const [endpoints, staff] = await Promise.all([
    webhookEndpoints.findEach(endpointIds),
    users.staffContacts({ scope: 'webhooks:write', limit: MOST_STAFF }),
  ])
  return staff.ok ? ok({ integrators: staff.value, endpoints: mapBy(endpoints, ({ id }) => id) }) : staff
}
