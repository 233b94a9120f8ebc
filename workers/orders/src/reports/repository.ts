import { ask, type Db } from '@shop/db/client'
import { moneyEntries } from '@shop/db/schema/orders-money'
import { statement } from '@shop/db/statement'
import { currency } from '@shop/kernel/currencies'
import { type SQL, sql } from 'drizzle-orm'
import type { Period } from './domain/period.ts'
import type { SalesGroup, SalesRow, SalesTotals } from './domain/sales.ts'

export type SalesQuery = Period & {
  group: SalesGroup
  /** The currency and the key of the row before the first. */
  after: { currency: string; key: string | null } | undefined
  limit: number
}

export const salesRepository = (db: Db) => ({
  /**
   * Sums of a period: the totals of each currency, and a page of the rows of its groups by (currency, key). One statement,
   * so that the rows and the totals are of one instant. Index: money_entries_at.
   */
  async sumsOf({ group, after, ...query }: SalesQuery): Promise<{ rows: SalesRow[]; totals: SalesTotals[] }> {
    const values = { ...query, afterCurrency: after?.currency ?? '', afterKey: after?.key ?? '' }
    const [found] = await ask<{ rows: SalesRow[]; totals: SalesTotals[] }>(db, STATEMENTS[group](values))
    const { rows, totals } = found ?? { rows: [], totals: [] }
    return { rows: rows.map(withCurrency), totals: totals.map(withCurrency) }
  },
})

const withCurrency = <T extends { currency: string }>(row: T) => ({ ...row, currency: currency(row.currency) })

type Values = Period & { afterCurrency: string; afterKey: string; limit: number }
const p = (name: keyof Values) => sql.placeholder(name)
const TIME_ZONE = sql`${p('timeZone')}::text`
const midnight = (date: 'from' | 'to') => sql`(${p(date)}::date::timestamp at time zone ${TIME_ZONE})`

/**
 * The movements of money of the period with what they add to each sum. A capture of the payment that the order took is its
 * sale, and adds the totals of the order. Amounts returned to gift cards for an order that was never paid belong to no sale.
 */
const entries = sql`
  select m.order_id, m.currency, m.at, o.shipping_address, o.billing_address, o.prices_include_tax, sale.is_sale,
         case when sale.is_sale then o.subtotal else 0 end as gross,
         case when sale.is_sale then o.discount_total else 0 end as discounts,
         case when sale.is_sale then o.shipping_total else 0 end as shipping,
         case when sale.is_sale then o.tax_total else 0 end as tax,
         case when sale.is_sale and o.prices_include_tax then o.tax_total else 0 end as included_tax,
         case when sale.is_sale then o.gift_card_amount else 0 end as gift_cards,
         case when m.kind = 'captured' then m.amount else 0 end
           - case when sale.is_sale then o.total - o.gift_card_amount else 0 end as adjustments,
         case when m.kind = 'credited' and o.payment_status not in ('unpaid', 'authorized') then m.amount else 0 end as credited,
         refund.sign * m.amount as refunds, refund.sign as refund_sign,
         case when refund.sign <> 0 then split_part(m.key, ':', 2) end as refund_id,
         case m.kind when 'disputed' then m.amount when 'dispute_won' then -m.amount else 0 end as disputes
  from ${moneyEntries} m
  join orders.orders o on o.id = m.order_id
  cross join lateral (
    select m.kind = 'captured' and m.payment_id is not distinct from o.payment_id and split_part(m.key, ':', 3) = '' as is_sale) sale
  cross join lateral (select case m.kind when 'refunded' then 1 when 'refund_returned' then -1 else 0 end as sign) refund
  where m.at >= ${midnight('from')} and m.at < ${midnight('to')}`

/** Where an order goes, or else who pays for it. Addresses may be free text, which names no country. */
const COUNTRY = sql`coalesce(
  substring(e.shipping_address->>'country' from '^[A-Z]{2}$'), substring(e.billing_address->>'country' from '^[A-Z]{2}$'), '')`

const whole = (key: SQL): SQL => sql`
  select e.currency, ${key} as key, null as name, e.at, case when e.is_sale then e.order_id end as sold_in,
         e.gross, e.discounts, e.shipping, e.tax, e.included_tax, e.gift_cards, e.adjustments, e.refunds, e.credited, e.disputes
  from entries e`

/**
 * The parts of a refund `e` that were refunded for a line; none of one that was made by amount. The limits make Postgres look
 * each up by its primary key: it does not know how few they are, and would read the whole tables.
 */
const REFUNDED_LINES = sql`
  cross join lateral (
    select refund.items from orders.line_refunds refund where refund.refund_id = e.refund_id limit 1) refund
  cross join lateral jsonb_to_recordset(refund.items) item ("lineId" text, amount bigint)`

const KEY_OF_LINE = sql`lpad(line.product_id::text, 16, '0')`

/**
 * Lines belong to their products, and so does what was refunded for units of them. All else belongs to the order as a whole:
 * shipping with its discount and tax, refunds by amount, of shipping and less a restocking fee, and the other money that moved.
 * Keys have leading zeros, so that they sort as numbers.
 */
const byProduct = sql`
  select e.currency, ${KEY_OF_LINE} as key, line.name, e.at, e.order_id as sold_in,
         line.subtotal as gross, line.discount as discounts, 0 as shipping, line.tax,
         case when e.prices_include_tax then line.tax else 0 end as included_tax, 0 as gift_cards, 0 as adjustments,
         0 as refunds, 0 as credited, 0 as disputes
  from entries e join orders.order_lines line on line.order_id = e.order_id
  where e.is_sale
  union all
  select e.currency, ${KEY_OF_LINE}, line.name, e.at, null, 0, 0, 0, 0, 0, 0, 0, e.refund_sign * item.amount, 0, 0
  from entries e ${REFUNDED_LINES}
  cross join lateral (
    select sold.product_id, sold.name from orders.order_lines sold where sold.id = item."lineId" limit 1) line
  union all
  select e.currency, '', null, e.at, null,
         e.gross - lines.gross, e.discounts - lines.discounts, e.shipping, e.tax - lines.tax,
         e.included_tax - case when e.prices_include_tax then lines.tax else 0 end, e.gift_cards, e.adjustments,
         e.refunds - e.refund_sign * refunded.amount, e.credited, e.disputes
  from entries e
  cross join lateral (
    select coalesce(sum(line.subtotal), 0) as gross, coalesce(sum(line.discount), 0) as discounts,
           coalesce(sum(line.tax), 0) as tax
    from orders.order_lines line where e.is_sale and line.order_id = e.order_id) lines
  cross join lateral (
    select coalesce(sum(item.amount), 0) as amount from (select e.refund_id) e ${REFUNDED_LINES}) refunded`

const SUMS = sql`
  sum(gross) as gross, sum(discounts) as discounts, sum(shipping) as shipping, sum(tax) as tax,
  sum(included_tax) as "includedTax", sum(gift_cards) as "giftCards", sum(adjustments) as adjustments, sum(refunds) as refunds,
  sum(credited) as credited, sum(disputes) as disputes`

const sumsBy = (parts: SQL) =>
  statement<Values>(
    () => sql`
      with entries as (${entries}),
      parts as (${parts}),
      page as (
        select currency, nullif(key, '') as key, (array_agg(name order by sold_in is null, at desc))[1] as name,
               count(distinct sold_in) as orders, ${SUMS}
        from parts
        where (currency, key) > (${p('afterCurrency')}::text, ${p('afterKey')}::text) or ${p('afterCurrency')}::text = ''
        group by currency, parts.key
        order by currency, parts.key
        limit ${p('limit')}
      ),
      totals as (
        select currency, count(*) filter (where is_sale) as orders, ${SUMS} from entries group by currency
      )
      select (select coalesce(json_agg(page order by page.currency, coalesce(page.key, '')), '[]') from page) as rows,
             (select coalesce(json_agg(totals order by totals.currency), '[]') from totals) as totals`,
  )

const STATEMENTS = {
  day: sumsBy(whole(sql`to_char(e.at at time zone ${TIME_ZONE}, 'YYYY-MM-DD')`)),
  product: sumsBy(byProduct),
  country: sumsBy(whole(COUNTRY)),
} satisfies Record<SalesGroup, unknown>
