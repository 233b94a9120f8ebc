import { promotionCodes, promotionCounters, promotions, promotionUses } from '@shop/db/schema/orders-promotions'
import { type SQL, sql } from 'drizzle-orm'
import { codeKey } from '../domain/code-key.ts'
import type { NewUse } from '../domain/uses.ts'

/** The values of {@link claimUsesCtes}. */
export type UseValues = { uses: string; customerKey: string }

/** @param customerKey as in `customerKeyOf` */
export const useValues = (uses: readonly NewUse[], customerKey: string): UseValues => ({
  uses: JSON.stringify(uses.map((use) => ({ ...use, code: use.code === null ? null : codeKey(use.code) }))),
  customerKey,
})

const p = (name: keyof UseValues) => sql.placeholder(name)

const CLAIMED = sql`jsonb_to_recordset(${p('uses')}::jsonb) as claimed("promotionId" text, code text, amount bigint)`

/** A share lock: orders do not wait for each other here, but a change of the limits waits for them, and they for it. */
export const lockLimits = (ids: SQL): SQL => sql`
  select promotion.id, promotion.usage_limit, promotion.usage_limit_per_customer, promotion.budget,
         promotion.budget_currency
  from ${promotions} promotion where promotion.id = any (array(${ids}))
  order by promotion.id for share of promotion`

const insertUses = (placed: SQL) => sql`
  insert into ${promotionUses} (order_id, promotion_id, customer_key, code, is_single_use, amount, currency, created_at)
  select placed.id, limits.id, ${p('customerKey')}, claimed.code, known.batch_id is not null, claimed.amount,
         placed.currency, placed.created_at
  from ${placed} placed, ${CLAIMED}
  join used_limits limits on limits.id = claimed."promotionId"
  left join ${promotionCodes} known on known.code = claimed.code and known.promotion_id = limits.id
  order by claimed.code, limits.id
  returning *`

/** The counters of limits that exist. A use in another currency than the budget's is beyond any budget. */
const COUNTS = sql`
  select used.promotion_id, '' as customer_key,
         case when limits.budget is null then 0
              when limits.budget_currency = used.currency then used.amount
              else limits.budget + 1 end as amount,
         limits.usage_limit as max_uses, limits.budget as max_amount, used.created_at
  from new_uses used join used_limits limits on limits.id = used.promotion_id
  where limits.usage_limit is not null or limits.budget is not null
  union all
  select used.promotion_id, used.customer_key, 0, limits.usage_limit_per_customer, null, used.created_at
  from new_uses used join used_limits limits on limits.id = used.promotion_id
  where limits.usage_limit_per_customer is not null`

/**
 * Statement part: the CTEs by which a new order uses its promotions: the uses, their counters, and its single-use codes.
 *
 * A use beyond a limit, or of a code that another order uses, violates a constraint, which undoes the whole statement: the
 * limits are exact however many statements race, whatever was read before. `brokenLimit` says which one it was. Promotions
 * without a limit have no counter, so that orders do not wait for each other because of them.
 *
 * Statements never deadlock: they lock rows of promotions, uses, counters and codes in this order, each by its key, after
 * those of orders and of buyers.
 *
 * @param placed a CTE that returns id, currency and created_at of the new order, or no row
 */
export const claimUsesCtes = (placed: SQL): SQL => sql`
  used_limits as (${lockLimits(sql`select claimed."promotionId" from ${CLAIMED}`)}),
  new_uses as (${insertUses(placed)}),
  use_counts as (
    insert into ${promotionCounters} as known
      (promotion_id, customer_key, uses, amount, max_uses, max_amount, updated_at)
    select counted.promotion_id, counted.customer_key, 1, counted.amount, counted.max_uses, counted.max_amount,
           counted.created_at
    from (${COUNTS}) counted
    order by counted.promotion_id, counted.customer_key
    on conflict (promotion_id, customer_key) do update
      set uses = known.uses + 1, amount = known.amount + excluded.amount, max_uses = excluded.max_uses,
          max_amount = excluded.max_amount, updated_at = excluded.updated_at
  ),
  used_codes as (
    update ${promotionCodes} known set used_by = used.order_id
    from new_uses used where used.is_single_use and known.code = used.code
  )`
