import { promotionCounters, promotionUses } from '@shop/db/schema/orders-promotions'
import { type SQL, sql } from 'drizzle-orm'
import { isCounted, type PromotionFields } from '../domain/stored-promotion.ts'

type Limits = Pick<PromotionFields, 'usageLimit' | 'budget' | 'usageLimitPerCustomer'>

/**
 * Statement parts, with a comma before them, for a change of the CTE `promotion`: where there is a new limit its counters are
 * made from the uses that stand, and where there is none any more they are deleted.
 *
 * The counters are complete only if no order that uses the promotion is being written, so the row of the promotion has to be
 * locked before the statement begins.
 */
export function recountCtes(before: Limits, after: Limits, at: Date): SQL {
  const parts: SQL[] = []
  const areSame = before.usageLimit === after.usageLimit && isSameBudget(before.budget, after.budget)
  if (!areSame) parts.push(isCounted(after) ? countTotal(at) : dropTotal)
  if (before.usageLimitPerCustomer === null && after.usageLimitPerCustomer !== null) parts.push(countCustomers(at))
  if (before.usageLimitPerCustomer !== null && after.usageLimitPerCustomer === null) parts.push(dropCustomers)
  return sql.join(
    parts.map((part) => sql`, ${part}`),
    sql``,
  )
}

const isSameBudget = (one: Limits['budget'], other: Limits['budget']) =>
  one?.amount === other?.amount && one?.currency === other?.currency

// A limit below what is used already is kept, so the row has no limits until the next use.
const REPLACE = sql`
  on conflict (promotion_id, customer_key) do update
    set uses = excluded.uses, amount = excluded.amount, max_uses = null, max_amount = null, updated_at = excluded.updated_at`

const COLUMNS = sql`(promotion_id, customer_key, uses, amount, updated_at)`

const STANDING = sql`${promotionUses} known on known.promotion_id = promotion.id and known.returned_at is null`

const countTotal = (at: Date) => sql`
  total_count as (
    insert into ${promotionCounters} ${COLUMNS}
    select promotion.id, '', count(known.order_id),
           coalesce(sum(known.amount) filter (where known.currency = promotion.budget_currency), 0),
           ${at.toISOString()}::timestamptz
    from promotion left join ${STANDING}
    group by promotion.id, promotion.budget_currency ${REPLACE})`

const countCustomers = (at: Date) => sql`
  customer_counts as (
    insert into ${promotionCounters} ${COLUMNS}
    select promotion.id, known.customer_key, count(*), 0, ${at.toISOString()}::timestamptz
    from promotion join ${STANDING}
    group by promotion.id, known.customer_key
    order by known.customer_key ${REPLACE})`

const dropTotal = sql`
  total_count as (
    delete from ${promotionCounters} known using promotion
    where known.promotion_id = promotion.id and known.customer_key = '')`

const dropCustomers = sql`
  customer_counts as (
    delete from ${promotionCounters} known using promotion
    where known.promotion_id = promotion.id and known.customer_key <> '')`
