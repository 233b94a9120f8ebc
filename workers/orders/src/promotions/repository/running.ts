import type { Statement } from '@shop/db/client'
import { orders } from '@shop/db/schema/orders'
import { customerGroupMembers } from '@shop/db/schema/orders-customers'
import { promotionCodes, promotionCounters, promotions } from '@shop/db/schema/orders-promotions'
import { statement } from '@shop/db/statement'
import { isStorable } from '@shop/kernel/text'
import { sql } from 'drizzle-orm'
import { codeKey } from '../domain/code-key.ts'
import type { PromotionCandidates, RunningQuery } from '../domain/running-promotions.ts'
import { fromJson } from './row.ts'

type CandidateJson = {
  code: string | null
  is_used: boolean
  promotion: Record<string, unknown>
  uses: number | null
  amount: number | null
  uses_of_customer: number | null
}
type RunningRow = { candidates: CandidateJson[]; groupIds: string[]; hasOrdered: boolean }

type Values = { codes: string; now: string; customerKey: string | null; userId: string | null }
const p = (name: keyof Values) => sql.placeholder(name)

/**
 * Promotions of the entered codes, in whatever state they are, and automatic ones within their dates. Indexes:
 * promotion_codes_pkey, promotions_automatic, orders_of_customer, and orders_of_user for orders that the account has claimed.
 */
const readStatement = statement<Values>(
  () => sql`
    select (
      select coalesce(jsonb_agg(to_jsonb(candidate)), '[]') from (
        select found.code, found.is_used, to_jsonb(promotion) as promotion, total.uses, total.amount,
               own.uses as uses_of_customer
        from (
          select known.code, known.promotion_id, known.used_by is not null as is_used from ${promotionCodes} known
          where known.code = any (array(select jsonb_array_elements_text(${p('codes')}::jsonb)))
          union all
          select null, automatic.id, false from ${promotions} automatic
          where automatic.code is null and not automatic.has_single_use_codes and automatic.deleted_at is null
            and (automatic.starts_at is null or automatic.starts_at <= ${p('now')}::timestamptz)
            and (automatic.ends_at is null or automatic.ends_at > ${p('now')}::timestamptz)
        ) found
        join ${promotions} promotion on promotion.id = found.promotion_id and promotion.deleted_at is null
        left join ${promotionCounters} total on total.promotion_id = promotion.id and total.customer_key = ''
        left join ${promotionCounters} own
          on own.promotion_id = promotion.id and own.customer_key = ${p('customerKey')}::text
      ) candidate
    ) as candidates,
    (
      select coalesce(jsonb_agg(member.group_id order by member.group_id), '[]') from ${customerGroupMembers} member
      where member.user_id = ${p('userId')}::text and member.is_member
    ) as "groupIds",
    exists (
      select from ${orders} known
      where known.customer_key = ${p('customerKey')}::text and not known.ended_unpaid and known.status <> 'cancelled'
    ) or exists (
      select from ${orders} known
      where known.user_id = ${p('userId')}::text and known.claimed_at is not null and known.status <> 'cancelled'
    ) as "hasOrdered"`,
)

/** Reads what may be used: the statement and what reads its row, for a transaction that reads more. */
export const candidatesStatement = {
  of: ({ codes, now, customerKey }: Omit<RunningQuery, 'currency'>): Statement =>
    readStatement({
      codes: JSON.stringify(codes.map(codeKey).filter(isStorable)),
      now: now.toISOString(),
      customerKey,
      userId: /^account:(.+)$/.exec(customerKey ?? '')?.[1] ?? null,
    }),
  resultOf(rows: unknown[]): PromotionCandidates {
    // The columns are those that the statement names.
    const [row] = rows as RunningRow[]
    if (row === undefined) throw new Error('A select without a FROM returned no row')
    const candidates = row.candidates.map(({ code, is_used: isUsed, promotion, uses, amount, uses_of_customer }) => ({
      code,
      isUsed,
      promotion: fromJson(promotion, uses === null ? null : { uses, amount: amount ?? 0 }),
      usesOfCustomer: uses_of_customer ?? 0,
    }))
    return { candidates, groupIds: row.groupIds, isFirstOrder: !row.hasOrdered }
  },
}
