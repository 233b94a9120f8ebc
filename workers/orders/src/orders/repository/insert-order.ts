import { ask, type Db, type Statement } from '@shop/db/client'
import { isUniqueViolation } from '@shop/db/errors'
import type { KeyClaim } from '@shop/db/idempotency-keys'
import { moneyEntries } from '@shop/db/schema/orders-money'
import { statement } from '@shop/db/statement'
import type { RefundId } from '@shop/kernel/ids'
import { type SQL, sql } from 'drizzle-orm'
import type { BrokenCap, BuyerCounter } from '../../buyers/domain/caps.ts'
import { brokenCap, countCte, countValues } from '../../buyers/repository.ts'
import { orderEventCtes, paidByPlacingCtes } from '../../events/repository.ts'
import { isCardUnspendable, spendCtes, spendValues } from '../../gift-cards/repository/spend.ts'
import { allOf, dueInvoices, invoiceCtes, invoiceValues } from '../../invoices/repository/write.ts'
import type { BrokenLimit } from '../../promotions/domain/uses.ts'
import { brokenLimit } from '../../promotions/repository/broken-limit.ts'
import { claimUsesCtes, useValues } from '../../promotions/repository/claim-uses.ts'
import { type NewOrder, type Order, unitsOf } from '../domain/order.ts'
import { attachOrder } from './idempotency-keys.ts'

const p = (name: string) => sql.placeholder(name)

/** The sums of the parts are taken here, from the lines as they are stored: a constraint compares them with the total. */
const insertOrderRow = sql`
  insert into orders.orders (id, number, user_id, email, customer_key, status, payment_status, subtotal, discount_total,
                             shipping_total, tax_total, total, currency, prices_include_tax, shipping, adjustments, tax_lines,
                             tax_exemption, tax_provider, tax_calculation_id, vat_id, shipping_address, billing_address, note, cart_id,
                             exchange_of, created_at, updated_at, expires_at, version, invoiced, gift_card_amount, further_payments, counted_in,
                             counted_units)
  select ${p('id')}, ${p('number')}::bigint, ${p('userId')}, ${p('email')}, ${p('customerKey')}, ${p('status')}, ${p('paymentStatus')},
         parts.subtotal, parts.discount + ${p('shippingDiscount')}::bigint, ${p('shippingTotal')}::bigint,
         parts.tax + ${p('shippingTax')}::bigint, ${p('total')}::bigint, ${p('currency')},
         ${p('pricesIncludeTax')}::boolean, ${p('shipping')}::jsonb, ${p('adjustments')}::jsonb, ${p('taxLines')}::jsonb,
         ${p('taxExemption')}, ${p('taxProvider')}, ${p('taxCalculationId')}, ${p('vatId')}, ${p('shippingAddress')}::jsonb, ${p('billingAddress')}::jsonb, ${p('note')},
         ${p('cartId')}, ${p('exchangeOf')}, ${p('placedAt')}::timestamptz, ${p('placedAt')}::timestamptz, ${p('expiresAt')}::timestamptz,
         ${p('version')}::int, ${p('invoiced')}::jsonb, ${p('giftCardAmount')}::bigint, ${p('furtherPayments')}::text[], counters.keys,
         case when cardinality(counters.keys) = 0 then 0 else ${p('units')}::int end
  from may_place, (select coalesce(array_agg(key), '{}') as keys from counted) counters,
       (select sum(line.subtotal) as subtotal, sum(line.discount) as discount, sum(line.tax) as tax
        from jsonb_to_recordset(${p('lines')}::jsonb) as line(subtotal bigint, discount bigint, tax bigint)) parts
  returning *`

const insertLines = sql`
  insert into orders.order_lines (id, order_id, position, product_id, variant_id, sku, options, name, category, image_url, is_gift_card,
                                  quantity, unit_price, subtotal, discount, tax, total, adjustments, tax_lines)
  select line.id, placed.id, line.position, line."productId", line."variantId", line.sku, line.options, line.name,
         line.category, line."imageUrl", line."isGiftCard", line.quantity, line."unitPrice", line.subtotal, line.discount, line.tax, line.total,
         nullif(line.adjustments, '[]'), nullif(line."taxLines", '[]')
  from placed, jsonb_to_recordset(${p('lines')}::jsonb) as line(id text, position int, "productId" bigint,
    "variantId" bigint, sku text, options jsonb, name text, category text, "imageUrl" text, "isGiftCard" boolean, quantity int,
    "unitPrice" bigint, subtotal bigint, discount bigint, tax bigint, total bigint, adjustments jsonb, "taxLines" jsonb)`

const insertHistory = sql`
  insert into orders.order_events (order_id, seq, type, at, actor, data)
  select placed.id, event.seq, event.type, placed.created_at, event.actor, event.data
  from placed, jsonb_to_recordset(${p('events')}::jsonb) as event(seq int, type text, actor jsonb, data jsonb)`

/** An order with nothing to charge is a sale when it is placed, as another one is when its payment is captured. */
const insertFreeSale = sql`
  insert into ${moneyEntries} (key, order_id, kind, amount, currency, at)
  select 'placed:' || id, id, 'captured', 0, currency, created_at from placed`

/**
 * The statement is a list of common table expressions, to which repositories of other slices can add theirs. `counted`
 * counts the order for its buyer, and `placed` writes it, if `may_place` returns a row; `placed` returns its whole row, which
 * every other part reads. Postgres runs all parts whatever the others return, so a part that refuses the order has to
 * violate a constraint, which undoes them all.
 */
const insertStatement = ({
  mayPlace,
  isPending,
  hasUses,
  hasGiftCards,
}: Omit<Kind, 'hasKey' | 'isExchange'> & { mayPlace: SQL }) =>
  statement(() => {
    const parts = [
      sql`may_place as (${mayPlace})`,
      countCte(sql`may_place`),
      sql`placed as (${insertOrderRow})`,
      sql`lines as (${insertLines})`,
      sql`history as (${insertHistory})`,
      ...(isPending ? [PLACED] : [PLACED_AND_PAID, sql`free_sale as (${insertFreeSale})`]),
      ...(hasUses ? [claimUsesCtes(sql`placed`)] : []),
      ...(hasGiftCards ? [spendCtes(sql`placed`)] : []),
      ...(isPending ? [] : [numbered(hasGiftCards)]),
    ]
    return sql`with ${sql.join(parts, sql`, `)} select id from placed`
  })

const WITHOUT_KEY = sql`select 1`
const WITH_KEY = attachOrder(sql`${p('id')}`)
/** The new order of an exchange is written only if the same transaction has written the refund of the returned units. */
const WITH_EXCHANGE = sql`select 1 from orders.line_refunds where refund_id = ${p('exchangeRefund')}`
const PLACED = orderEventCtes(sql`placed`, 'placed')
const PLACED_AND_PAID = paidByPlacingCtes(sql`placed`)
/** The invoice of an order that is paid by placing it. Its number last: see `invoiceCtes`. */
const numbered = (hasGiftCards: boolean): SQL =>
  invoiceCtes(
    ['invoice'],
    dueInvoices(sql`placed`),
    hasGiftCards ? allOf(sql`counted`, sql`spent_cards`) : sql`counted`,
  )

type Kind = { isPending: boolean; hasKey: boolean; isExchange: boolean; hasUses: boolean; hasGiftCards: boolean }

const STATEMENTS = new Map<string, ReturnType<typeof insertStatement>>()

/** One statement for each kind of order, so that an order without a key, promotions or gift cards has a smaller statement. */
function statementFor({ hasKey, isExchange, ...kind }: Kind) {
  const name = JSON.stringify([hasKey, isExchange, kind.isPending, kind.hasUses, kind.hasGiftCards])
  const parts = { mayPlace: isExchange ? WITH_EXCHANGE : hasKey ? WITH_KEY : WITHOUT_KEY, ...kind }
  const found = STATEMENTS.get(name) ?? insertStatement(parts)
  STATEMENTS.set(name, found)
  return found
}

/** The parts of a new order beside the order itself: who it counts for, where it counts as unpaid, and the key that led to it. */
export type Placement = {
  customerKey: string
  counters: BuyerCounter[]
  claim?: KeyClaim | undefined
  /** Of the exchange that the order is part of. */
  exchangeRefund?: RefundId | undefined
}

/**
 * Why the order was not written. `taken_over`: another attempt has the claim. `cart_ordered`: the cart has an order. `card_unspendable`: a
 * gift card has too little balance, has expired or is voided. `original_changed`: the original order of an exchange was changed by another
 * writer. Otherwise the cap that the order would exceed, or the limit of a promotion.
 */
export type Inserted =
  | 'inserted'
  | 'taken_over'
  | 'cart_ordered'
  | 'card_unspendable'
  | 'original_changed'
  | BrokenCap
  | BrokenLimit

/**
 * Writes a new order, its lines, its history, its events, its counters, the uses of its promotions, what its gift cards pay and, where
 * there is one, its idempotency key: one statement, all or nothing.
 */
export async function insertOrder(db: Db, placed: NewOrder, placement: Placement): Promise<Inserted> {
  try {
    return (await ask(db, insertOrderStatement(placed, placement))).length === 1 ? 'inserted' : 'taken_over'
  } catch (error) {
    return refusedInsert(error, placed)
  }
}

/** The statement of {@link insertOrder}, for a transaction that does more. It returns a row if it wrote the order. */
export function insertOrderStatement(
  { order, events, giftCards, invoices }: NewOrder,
  { customerKey, counters, claim, exchangeRefund }: Placement,
): Statement {
  const isPending = order.status === 'pending'
  const uses = usesOf(order)
  const write = statementFor({
    isPending,
    hasKey: claim !== undefined,
    isExchange: exchangeRefund !== undefined,
    hasUses: uses.length > 0,
    hasGiftCards: giftCards.length > 0,
  })
  return write({
    ...valuesOf(order),
    ...{ customerKey, events: JSON.stringify(events), ...claim, exchangeRefund },
    // A paid order holds nothing.
    ...countValues(isPending ? counters : [], unitsOf(order.lines), order.createdAt),
    ...invoiceValues(invoices),
    ...useValues(uses, customerKey),
    ...spendValues(giftCards),
  })
}

/** What the constraints that the statement violated mean. */
export function refusedInsert(error: unknown, { order }: NewOrder): Inserted {
  if (isUniqueViolation(error, 'orders_of_cart')) return 'cart_ordered'
  if (isCardUnspendable(error)) return 'card_unspendable'
  const broken = brokenCap(error) ?? brokenLimit(error, usesOf(order))
  if (broken === undefined) throw error
  return broken
}

const usesOf = ({ adjustments }: Order) =>
  adjustments.map(({ promotionId, code, amount }) => ({ promotionId, code, amount }))

function valuesOf(order: Order) {
  const { id, number, userId, email, status, paymentStatus, version, currency, total, pricesIncludeTax, shipping } =
    order
  const { taxExemption, taxProvider, taxCalculationId, vatId, note, cartId, exchangeOf, adjustments, taxLines, lines } =
    order
  const json = (value: unknown) => (value === null ? null : JSON.stringify(value))
  return {
    ...{ id, number, userId, email, status, paymentStatus, version, currency, total, pricesIncludeTax },
    ...{ taxExemption, taxProvider, taxCalculationId, vatId, note, cartId, exchangeOf },
    giftCardAmount: order.giftCardAmount,
    furtherPayments: order.furtherPayments.length === 0 ? null : order.furtherPayments,
    shipping: json(shipping),
    shippingTotal: shipping?.subtotal ?? 0,
    shippingDiscount: shipping?.discount ?? 0,
    shippingTax: shipping?.tax ?? 0,
    adjustments: adjustments.length === 0 ? null : json(adjustments),
    taxLines: taxLines.length === 0 ? null : json(taxLines),
    invoiced: json(order.invoiced),
    shippingAddress: json(order.shippingAddress),
    billingAddress: json(order.billingAddress),
    placedAt: order.createdAt.toISOString(),
    expiresAt: order.expiresAt.toISOString(),
    lines: JSON.stringify(lines.map((line, position) => ({ ...line, position }))),
  }
}
