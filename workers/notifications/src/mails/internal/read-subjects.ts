import { fail, ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { NotificationsDeps } from '../../deps.ts'
import type { ReadSubjects } from '../domain/letters.ts'
import { mapBy, unique } from '../domain/lookup.ts'
import type { MailSubject } from '../domain/plan-mail.ts'
import { readOrders } from '../read-orders.ts'

export type ReadDeps = Pick<NotificationsDeps, 'users' | 'orders' | 'catalog'>

/** Staff who are told of low stock, at most. */
const MOST_STAFF = 20

/**
 * Reads what the mails are about, fresh: at most one call of each method, however many mails there are. What does not exist any
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
  const [orders, tokens, accounts, stock] = await Promise.all([
    readOrders(deps, orderIds),
    tokenEventIds.length === 0 ? ok([]) : deps.orders.orderTokenMails({ eventIds: tokenEventIds }),
    eventIds.length === 0 ? ok([]) : deps.users.accountMails({ eventIds }),
    readStock(deps, variantIds),
  ])
  if (!orders.ok || !tokens.ok || !accounts.ok || !stock.ok) return fail({ code: 'service_unavailable' })
  const byEvent = {
    tokens: mapBy(tokens.value, ({ eventId }) => eventId),
    accounts: mapBy(accounts.value, ({ eventId }) => eventId),
  }
  return ok({ ...orders.value, ...stock.value, ...byEvent })
}

/** Variants by their names, and the staff who look after them. */
async function readStock(
  { catalog, users }: Pick<ReadDeps, 'catalog' | 'users'>,
  variantIds: number[],
): Promise<Result<Pick<ReadSubjects, 'staff' | 'quotes'>, ServiceUnavailable>> {
  if (variantIds.length === 0) return ok({ staff: [], quotes: new Map() })
  const [quotes, staff] = await Promise.all([
    catalog.quoteEach({ refs: variantIds.map((variantId) => ({ variantId })) }),
    users.staffContacts({ limit: MOST_STAFF }),
  ])
  if (!quotes.ok || !staff.ok) return fail({ code: 'service_unavailable' })
  const found = quotes.value.flatMap((quote) => (quote.ok ? [quote.value] : []))
  return ok({ staff: staff.value, quotes: mapBy(found, ({ variantId }) => variantId) })
}
