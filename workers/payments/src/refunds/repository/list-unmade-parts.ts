import type { Statement } from '@shop/db/client'
import { refunds } from '@shop/db/schema/payments'
import { discrepancies } from '@shop/db/schema/stripe'
import { statement } from '@shop/db/statement'
import { currencyExponent } from '@shop/kernel/currencies'
import { sql } from 'drizzle-orm'
import { NOT_MADE, type RefundOutcome } from '../domain/refund.ts'

type Values = {
  refundId: string | null
  stripeRefundId: string | null
  /** Minor units in a major one. */
  unit: number
  now: string
}
const p = (name: keyof Values) => sql.placeholder(name)

/**
 * Lists for staff, once each, the parts of a refund that were given up although its first part was refunded after all. Orders counts all
 * units of the refund as refunded, so staff refund the rest by amount.
 *
 * It follows the settlement in the same transaction, whose changes it sees together with those of others. After the settlement of a first
 * part it locks the others, so that of a first part that succeeds and a part that is given up at the same time, one sees the other. After
 * that of another part it reads only this one, which is locked: locking more could deadlock. Parts that orders has given are never given
 * up, and may be of the same payment as the first.
 */
const listUnmadeParts = statement<Values>(
  () => sql`
    with part as (
      select part.*, first.state as first_state
      from ${refunds} settled
      join ${refunds} first on first.id = coalesce(settled.part_of, settled.id)
      join ${refunds} part on part.part_of = first.id and (settled.part_of is null or part.id = settled.id)
      where (settled.id = ${p('refundId')}::text or settled.stripe_refund_id = ${p('stripeRefundId')}::text)
        and part.destination <> 'given'
      for update of part
    )
    insert into ${discrepancies} (kind, subject, payment_id, stripe, shop, found_at)
    select 'refund_failed', id, payment_id,
           trim_scale(amount::numeric / ${p('unit')}::numeric) || ' ' || currency || ', not made',
           'units refunded by ' || part_of, ${p('now')}::timestamptz
    from part where state = 'failed' and failure = ${NOT_MADE}::text and first_state = 'succeeded'
    on conflict (subject, kind) do nothing`,
)

export const unmadePartsListing = ({
  refundId,
  stripeRefundId,
  currency,
  now,
}: Pick<RefundOutcome, 'refundId' | 'stripeRefundId' | 'currency' | 'now'>): Statement =>
  listUnmadeParts({ refundId, stripeRefundId, unit: 10 ** currencyExponent(currency), now: now.toISOString() })
