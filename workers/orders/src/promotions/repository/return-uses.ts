import { promotionCodes, promotionCounters, promotionUses } from '@shop/db/schema/orders-promotions'
import { type SQL, sql } from 'drizzle-orm'
import { lockLimits } from './claim-uses.ts'

const COUNTS = sql`
  select returned.promotion_id, '' as customer_key,
         case when limits.budget_currency = returned.currency then returned.amount else 0 end as amount,
         returned.returned_at
  from returned_uses returned join returned_limits limits on limits.id = returned.promotion_id
  where limits.usage_limit is not null or limits.budget is not null
  union all
  select returned.promotion_id, returned.customer_key, 0, returned.returned_at
  from returned_uses returned join returned_limits limits on limits.id = returned.promotion_id
  where limits.usage_limit_per_customer is not null`

/**
 * Statement part: the CTEs that return the promotion uses of orders, for every statement that cancels unpaid orders.
 *
 * A returned use is marked, and marked uses are not returned again, so a repeated or concurrent statement changes nothing. Rows are locked in the order of `claimUsesCtes`.
 *
 * The counters are written by an insert, which also finds the row of a limit that is newer than the snapshot of the
 * statement. Where there is a limit, there is a row.
 *
 * @param ended selects id and at of each order that the statement cancels, and that was unpaid
 * @param before a CTE that locks other rows, such as those of buyers: it is read to its end before anything is locked here
 */
export const returnUsesCtes = (ended: SQL, before: SQL): SQL => sql`
  returned_limits as (${lockLimits(sql`
    select known.promotion_id from (${ended}) ended join ${promotionUses} known on known.order_id = ended.id
    where known.returned_at is null and (select count(*) from ${before}) >= 0`)}),
  returned_uses as (
    update ${promotionUses} known set returned_at = ended.at
    from (${ended}) ended, returned_limits limits
    where known.order_id = ended.id and known.promotion_id = limits.id and known.returned_at is null
    returning known.*
  ),
  returned_counts as (
    insert into ${promotionCounters} as known (promotion_id, customer_key, uses, amount, updated_at)
    select counted.promotion_id, counted.customer_key, count(*), sum(counted.amount), max(counted.returned_at)
    from (${COUNTS}) counted
    group by counted.promotion_id, counted.customer_key
    order by counted.promotion_id, counted.customer_key
    on conflict (promotion_id, customer_key) do update
      set uses = known.uses - excluded.uses, amount = known.amount - excluded.amount,
          updated_at = greatest(known.updated_at, excluded.updated_at)
  ),
  returned_codes as (
    update ${promotionCodes} known set used_by = null
    from returned_uses returned where returned.is_single_use and known.code = returned.code
  )`
