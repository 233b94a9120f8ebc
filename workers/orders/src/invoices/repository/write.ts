import { invoiceCounters, invoices } from '@shop/db/schema/orders-invoices'
import { SHOP } from '@shop/settings/shop'
import { type SQL, sql } from 'drizzle-orm'
import { type DueInvoice, INVOICE_SERIES, type InvoiceSeries } from '../domain/due-invoice.ts'

const PREFIXES: Record<InvoiceSeries, string> = {
  invoice: SHOP.invoicePrefix,
  credit_note: SHOP.creditNotePrefix,
}

/**
 * Statement part: the CTEs that number and write one document of each of the series, for the statement that makes the change they
 * are issued for. A series whose `due` returns no row takes no number.
 *
 * The number is that of the counter row, which the statement locks until it is committed. One that fails, for whatever reason,
 * takes its number back with it, so there are no gaps, and parallel statements wait for each other, so there are no doubles.
 * A document that exists violates a constraint, and is never skipped: skipping it would lose the number.
 *
 * Statements never deadlock: they lock the counters last, and that of invoices before that of credit notes.
 *
 * @param due selects the columns of {@link dueInvoices} for a series, at most one row
 * @param after a CTE with the last locks that the statement takes before
 */
export function invoiceCtes(series: readonly InvoiceSeries[], due: (series: InvoiceSeries) => SQL, after: SQL): SQL {
  const parts = INVOICE_SERIES.filter((one) => series.includes(one)).map((one, index) =>
    documentCtes(one, due(one), index === 0 ? after : sql`invoice_number`),
  )
  return sql.join(parts, sql`, `)
}

function documentCtes(series: InvoiceSeries, due: SQL, after: SQL): SQL {
  const name = (part: string) => sql.identifier(`${series}_${part}`)
  return sql`
  ${name('due')} as (${due}),
  ${name('number')} as (
    insert into ${invoiceCounters} as counter (series, last)
    select ${sql.raw(`'${series}'`)}, 1 from ${name('due')}, (select count(*) from ${after}) locked_before
    on conflict (series) do update set last = counter.last + 1
    returning last
  ),
  ${name('issued')} as (
    insert into ${invoices} (series, sequence, number, order_id, order_version, cause, issued_at, currency, total, document,
                             buyer)
    select ${sql.raw(`'${series}'`)}, number.last, ${PREFIXES[series]}::text || number.last, due.order_id, due.order_version,
           due.cause, due.issued_at, due.currency, due.total, due.document, due.buyer
    from ${name('due')} due, ${name('number')} number
  )`
}

/** What {@link invoiceCtes} wait for where a statement takes its last locks in two CTEs. */
export const allOf = (one: SQL, other: SQL): SQL =>
  sql`(select 1 from ${one} union all select 1 from ${other}) as parts`

/** Whom a document is issued to, of an order `o`. */
const BUYER = sql`jsonb_build_object(
  'email', o.email, 'vatId', o.vat_id, 'shippingAddress', o.shipping_address, 'billingAddress', o.billing_address)`

/**
 * Statement part: selects the documents of {@link invoiceValues}, one series at a time.
 *
 * @param source a CTE that returns the whole row of the order as it is after the change, or none
 */
export const dueInvoices =
  (source: SQL) =>
  (series: InvoiceSeries): SQL =>
    sql`
    select o.id as order_id, o.version as order_version, due.cause, o.updated_at as issued_at, o.currency, due.total,
           due.document, ${BUYER} as buyer
    from ${source} o, jsonb_to_recordset(${sql.placeholder('invoices')}::jsonb)
      as due(series text, cause text, total bigint, document jsonb)
    where due.series = ${sql.raw(`'${series}'`)}`

export const invoiceValues = (due: readonly DueInvoice[] = []) => ({ invoices: JSON.stringify(due) })

export const seriesOf = (due: readonly DueInvoice[] = []): InvoiceSeries[] =>
  INVOICE_SERIES.filter((series) => due.some((one) => one.series === series))

/** The members that every document over an order `o` has beside its lines. */
const TOTALS = sql`
  'kind', 'order', 'total', o.total, 'taxTotal', o.tax_total, 'taxLines', coalesce(o.tax_lines, '[]'),
  'pricesIncludeTax', o.prices_include_tax, 'taxExemption', o.tax_exemption, 'subtotal', o.subtotal,
  'discountTotal', o.discount_total, 'shippingTotal', o.shipping_total,
  'shipping', case when o.shipping is not null then jsonb_build_object(
    'name', o.shipping->'name', 'subtotal', o.shipping->'subtotal', 'discount', o.shipping->'discount',
    'tax', o.shipping->'tax', 'total', o.shipping->'total') end`

const LINES = sql`
  select jsonb_agg(jsonb_build_object(
    'name', line.name, 'sku', line.sku, 'options', line.options, 'quantity', line.quantity, 'unitPrice', line.unit_price,
    'subtotal', line.subtotal, 'discount', line.discount, 'tax', line.tax, 'total', line.total,
    'taxLines', coalesce(line.tax_lines, '[]')
  ) order by line.position)
  from orders.order_lines line where line.order_id = o.id`

/** Statement part: selects the invoice of an order that becomes paid, from what is stored of it: what `invoicePaid` decides. */
export const paidInvoice = (source: SQL): SQL => sql`
  select o.id as order_id, o.version as order_version, 'paid' as cause, o.updated_at as issued_at, o.currency, o.total,
         jsonb_build_object(${TOTALS}, 'lines', (${LINES})) as document, ${BUYER} as buyer
  from ${source} o`

/** What is invoiced of an order after the invoice of {@link paidInvoice}, in an UPDATE of its row. */
export const WHOLE_INVOICED = sql`jsonb_build_object(
  'total', total, 'taxLines', coalesce(tax_lines, '[]'), 'isByLine', true)`

/** Statement part: makes the documents of erased orders name their buyers as the orders do from now on. */
export const erasedBuyers = (source: SQL): SQL => sql`
  update ${invoices} document set buyer = ${BUYER} from ${source} o where document.order_id = o.id`
