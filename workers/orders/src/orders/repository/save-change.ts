import { isOfPart, type OrderEventType } from '@shop/contracts/orders/states'
import { ask, type Db, type Statement } from '@shop/db/client'
import { isUniqueViolation } from '@shop/db/errors'
import { statement } from '@shop/db/statement'
import { type SQL, sql } from 'drizzle-orm'
import { uncountCtes } from '../../buyers/repository.ts'
import { orderEventCtes } from '../../events/repository.ts'
import {
  type FulfillmentParts,
  fulfillmentCtes,
  fulfillmentValues,
  partsOf,
} from '../../fulfillment/repository/write.ts'
import { cardsOwedCte, owedOf, returnCardsCtes } from '../../gift-cards/repository/return.ts'
import { keyedBy } from '../../idempotency/repository.ts'
import type { InvoiceSeries } from '../../invoices/domain/due-invoice.ts'
import { allOf, dueInvoices, invoiceCtes, invoiceValues, seriesOf } from '../../invoices/repository/write.ts'
import { EDITED_COLUMNS, EDITED_LINES, editValues, REFUND_DUE } from '../../order-edits/repository.ts'
import { returnUsesCtes } from '../../promotions/repository/return-uses.ts'
import type { ReturnEventType } from '../../returns/domain/return.ts'
import { exchangeValues, STORE_CREDIT } from '../../returns/repository/exchange-parts.ts'
import { returnCtes, returnValues } from '../../returns/repository/write.ts'
import { adjustmentValues, STOCK_ADJUSTMENTS } from '../../stock/repository/adjustments.ts'
import type { OrderChange } from '../domain/order.ts'

/**
 * `lost`: another writer was first, so read and decide again. `repeated`: this refund, or its return, is recorded, what it would
 * issue is issued, or the key of the request led to something before.
 */
export type Saved = 'saved' | 'lost' | 'repeated'

const ONCE = [
  'order_events_refund',
  'order_events_refund_returned',
  'invoices_of_order',
  'idempotency_keys_scope_key_pk',
]

const p = (name: string) => sql.placeholder(name)

const BEFORE = sql`
  select id, counted_in, counted_units from orders.orders
  where id = ${p('id')} and version = ${p('version')}::int - 1`

const readBefore = sql`${BEFORE} for update`

/** A refund changes `gift_card_returned` without a new version of the order. */
const readBeforeCancelling = sql`
  ${BEFORE} and refunded_amount + gift_card_amount - gift_card_returned = ${p('refundedAmount')}::bigint for update`

/** Whether this change cancels an order for which nothing was paid. */
const ENDS_UNPAID = sql`(
  o.status <> 'cancelled' and ${p('status')}::text = 'cancelled'
  and (o.payment_status in ('unpaid', 'authorized') or o.total = 0))`

const updateRow = (isCancelled: boolean, edited: SQL) => sql`
  update orders.orders o
  set status = ${p('status')}, payment_status = ${p('paymentStatus')}, fulfillment_status = ${p('fulfillmentStatus')},
      cancel_reason = ${p('cancelReason')},
      payment_id = ${p('paymentId')}, further_payments = ${p('furtherPayments')}::text[], charge_no = ${p('chargeNo')}::int,
      charged_amount = ${p('chargedAmount')}, credited_amount = ${p('creditedAmount')}, captured_amount = ${p('capturedAmount')}, refunded_amount = ${p('refundedAmount')},
      refund_failed = nullif(${p('refundFailed')}::boolean, false),
      disputed_amount = nullif(${p('disputedAmount')}::bigint, 0),
      charged_back_amount = nullif(${p('chargedBackAmount')}::bigint, 0),
      invoiced = ${p('invoiced')}::jsonb, stock_committed = ${p('stockCommitted')}, expires_at = ${p('expiresAt')}::timestamptz,
      metadata = ${p('metadata')}::jsonb, updated_at = ${p('updatedAt')}::timestamptz, version = version + 1,
      ended_unpaid = o.ended_unpaid or ${ENDS_UNPAID},
      ${isCancelled ? sql`gift_card_returned = o.gift_card_returned + ${owedOf(sql`o.id`)},` : sql.empty()}
      counted_in = case when ${p('status')}::text = 'pending' then o.counted_in else '{}' end,
      counted_units = case when ${p('status')}::text = 'pending' then o.counted_units else 0 end${edited}
  from before where o.id = before.id
  returning o.*`

/** Its counters, when the order is unpaid no longer. */
const uncount = uncountCtes(sql`
  select before.counted_in, before.counted_units, changed.payment_status in ('authorized', 'partially_paid', 'paid') as is_paid,
         changed.updated_at as at
  from before join changed on changed.id = before.id where changed.status <> 'pending'`)

/** Returns the uses of promotions, each once. */
const returnUses = returnUsesCtes(
  sql`select changed.id, changed.updated_at as at from changed where changed.ended_unpaid`,
  sql`locked`,
)

/** @param isCancelled then gift cards are locked before, as where they are spent */
const numbered = (series: InvoiceSeries[], isCancelled: boolean): SQL =>
  invoiceCtes(series, dueInvoices(sql`changed`), isCancelled ? allOf(sql`locked`, sql`returned_cards`) : sql`locked`)

const insertHistory = sql`
  insert into orders.order_events (order_id, seq, type, at, actor, data)
  select id, version, ${p('type')}, updated_at, ${p('actor')}::jsonb, ${p('data')}::jsonb from changed`

/** The parts that a change writes beside the order. */
type Parts = FulfillmentParts & {
  stockAdjustments: boolean
  edit: boolean
  refundDue: boolean
  storeCredit: boolean
  returnEvents: readonly ReturnEventType[]
  series: InvoiceSeries[]
}

const saveStatement = (type: OrderEventType, written: Parts, keyed = sql.empty()) =>
  statement(() => {
    const isCancelled = type === 'cancelled'
    const parts = [
      sql`before as (${isCancelled ? readBeforeCancelling : readBefore})`,
      ...(isCancelled ? [cardsOwedCte(sql`select id from before`)] : []),
      sql`changed as (${updateRow(isCancelled, written.edit ? EDITED_COLUMNS : sql.empty())})`,
      sql`history as (${insertHistory})`,
      ...(isOfPart(type) ? [] : [orderEventCtes(sql`changed`, type, sql`${p('details')}::jsonb`)]),
      uncount,
      ...(isCancelled ? [returnUses, returnCardsCtes(sql`changed`, sql`locked`)] : []),
      // Their numbers last, so that a statement that waits for other rows does not hold them.
      ...(written.series.length > 0 ? [numbered(written.series, isCancelled)] : []),
      ...fulfillmentCtes(written),
      ...returnCtes(written.returnEvents),
      ...(written.edit ? [EDITED_LINES] : []),
      ...(written.refundDue ? [REFUND_DUE] : []),
      ...(written.storeCredit ? [STORE_CREDIT] : []),
      ...(written.stockAdjustments ? [STOCK_ADJUSTMENTS] : []),
    ]
    return sql`with ${sql.join(parts, sql`, `)} ${keyed} select version from changed`
  })

/** The subject of an edit's idempotency key: the event of the edit. */
const EDIT = sql`(select changed.id || ' ' || changed.version as id from changed) edit`

/** The part with what the key of a request leads to. */
function madeBy({ editedLines, returned }: OrderChange): SQL {
  if (editedLines !== undefined) return EDIT
  return returned === undefined ? sql`shipment` : sql`returned`
}

const STATEMENTS = new Map<string, ReturnType<typeof saveStatement>>()

/** One for each kind of change. That of a request with a key has the key in its text, so it is composed each time. */
function statementFor(change: OrderChange) {
  const { event, key, returned, stockAdjustments = [], editedLines, refundDue, storeCredit } = change
  const parts: Parts = {
    ...partsOf(change),
    series: seriesOf(change.invoices),
    returnEvents: returned?.events ?? [],
    stockAdjustments: stockAdjustments.length > 0,
    edit: editedLines !== undefined,
    refundDue: refundDue !== undefined,
    storeCredit: storeCredit !== undefined,
  }
  if (key !== undefined) return saveStatement(event.type, parts, keyedBy(key, madeBy(change), event.at))
  const name = JSON.stringify([event.type, parts])
  const found = STATEMENTS.get(name) ?? saveStatement(event.type, parts)
  STATEMENTS.set(name, found)
  return found
}

/**
 * Saves a change with its history and its event, unless the order changed since it was read.
 *
 * One statement, not read-then-write: neon-http has no interactive transactions, so the WHERE clause is the lock.
 */
export async function saveChange(db: Db, change: OrderChange): Promise<Saved> {
  try {
    return (await ask(db, saveStatementOf(change))).length === 1 ? 'saved' : 'lost'
  } catch (error) {
    if (isRepeated(error)) return 'repeated'
    throw error
  }
}

/** Whether a statement failed because what it writes is recorded. */
export const isRepeated = (error: unknown): boolean => ONCE.some((index) => isUniqueViolation(error, index))

/** The statement of {@link saveChange}, for a transaction that does more. It returns a row if it saved the change. */
export function saveStatementOf(change: OrderChange): Statement {
  const { order, event } = change
  const save = statementFor(change)
  return save({
    id: order.id,
    version: order.version,
    status: order.status,
    paymentStatus: order.paymentStatus,
    fulfillmentStatus: order.fulfillmentStatus,
    cancelReason: order.cancelReason,
    paymentId: order.paymentId,
    furtherPayments: order.furtherPayments.length === 0 ? null : order.furtherPayments,
    chargeNo: order.chargeNo,
    chargedAmount: order.chargedAmount,
    creditedAmount: order.creditedAmount,
    capturedAmount: order.capturedAmount,
    refundedAmount: order.refundedAmount,
    invoiced: order.invoiced && JSON.stringify(order.invoiced),
    refundFailed: order.refundFailed,
    disputedAmount: order.disputedAmount,
    chargedBackAmount: order.chargedBackAmount,
    stockCommitted: order.stockCommitted,
    expiresAt: order.expiresAt.toISOString(),
    metadata: JSON.stringify(order.metadata),
    updatedAt: order.updatedAt.toISOString(),
    type: event.type,
    actor: JSON.stringify(event.actor),
    data: JSON.stringify(event.data),
    details: JSON.stringify(detailsOf(change)),
    ...fulfillmentValues(change),
    ...invoiceValues(change.invoices),
    ...editValues(change),
    ...returnValues(change),
    ...adjustmentValues(change),
    ...exchangeValues(change),
  })
}

/** What the event of a refund, or of an edit, says beside the order. */
function detailsOf({ order, event: { type, data } }: OrderChange) {
  if (type === 'edited') return { chargeNo: order.chargeNo }
  const { refundId, amount } = data
  return refundId === undefined ? {} : { refundId, amount }
}
