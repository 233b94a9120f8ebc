import { GIFT_CARD_ENTRY_KINDS, GIFT_CARD_SOURCES } from '@shop/contracts/orders/states'
import { sql } from 'drizzle-orm'
import { check, index, integer, primaryKey, text, unique, uniqueIndex } from 'drizzle-orm/pg-core'
import { currencyCode, instant, minorUnits } from './columns.ts'
import { orders, ordersSchema } from './orders.ts'

/** Gift cards and store credit. The code is not stored, only its hash and its last four characters. */
export const giftCards = ordersSchema.table(
  'gift_cards',
  {
    id: text('id').primaryKey(),
    /** SHA-256 of the code. */
    codeHash: text('code_hash').notNull().unique('gift_cards_code'),
    lastFour: text('last_four').notNull(),
    currency: currencyCode('currency').notNull(),
    initialBalance: minorUnits('initial_balance').notNull(),
    /** The sum of its entries: each statement that changes it writes an entry. */
    balance: minorUnits('balance').notNull(),
    source: text('source', { enum: GIFT_CARD_SOURCES }).notNull(),
    /** The order that bought the card, or whose refund issued it. */
    orderId: text('order_id').references(() => orders.id),
    /** Which unit of which line of that order, from 1. */
    lineId: text('line_id'),
    unit: integer('unit'),
    refundId: text('refund_id'),
    /** The address that its code is mailed to, removed after 30 days. Null for an account, or if staff pass on the code themselves. */
    recipientEmail: text('recipient_email'),
    /** For staff. */
    note: text('note'),
    /** From then on it cannot be spent, and its balance is removed. Null: it does not expire. */
    expiresAt: instant('expires_at'),
    /** When staff voided it. */
    voidedAt: instant('voided_at'),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    /** Counts the changes. */
    version: integer('version').notNull().default(1),
  },
  (table) => [
    // A retry issues a card once.
    unique('gift_cards_unit').on(table.lineId, table.unit),
    index('gift_cards_newest').on(table.createdAt, table.id),
    index('gift_cards_last_four').on(table.lastFour, table.createdAt, table.id),
    index('gift_cards_of_order').on(table.orderId).where(sql`order_id is not null`),
    index('gift_cards_mailed').on(table.createdAt).where(sql`recipient_email is not null`),
    index('gift_cards_expiring').on(table.expiresAt).where(sql`balance > 0 and voided_at is null`),
    check('gift_cards_balance', sql`${table.balance} >= 0`),
    check('gift_cards_initial', sql`${table.initialBalance} between 1 and 999999999999`),
    check('gift_cards_source', sql`${table.source} in ('sale', 'staff', 'refund', 'exchange')`),
    check('gift_cards_last_four', sql`length(${table.lastFour}) = 4`),
    check('gift_cards_note', sql`length(${table.note}) between 1 and 2000`),
    check(
      'gift_cards_origin',
      sql`(${table.lineId} is null) = (${table.unit} is null)
      and (${table.source} = 'sale') = (${table.lineId} is not null)
      and (${table.source} <> 'refund' or ${table.refundId} is not null)
      and (${table.source} = 'staff' or ${table.orderId} is not null)`,
    ),
  ],
)

/** Every change of the balance of a gift card. A row is never changed. */
export const giftCardEntries = ordersSchema.table(
  'gift_card_entries',
  {
    giftCardId: text('gift_card_id')
      .notNull()
      .references(() => giftCards.id),
    /** The version of the card after the change. */
    seq: integer('seq').notNull(),
    kind: text('kind', { enum: GIFT_CARD_ENTRY_KINDS }).notNull(),
    /** Minor units; negative where the balance is reduced. */
    amount: minorUnits('amount').notNull(),
    orderId: text('order_id').references(() => orders.id),
    refundId: text('refund_id'),
    at: instant('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.giftCardId, table.seq] }),
    // An order spends a card once and returns it once; each refund credits it once.
    uniqueIndex('gift_card_entries_spent')
      .on(table.orderId, table.giftCardId, table.kind)
      .where(sql`kind in ('spent', 'returned')`),
    uniqueIndex('gift_card_entries_refund').on(table.refundId, table.giftCardId).where(sql`kind = 'refunded'`),
    index('gift_card_entries_of_order').on(table.orderId).where(sql`order_id is not null`),
    check(
      'gift_card_entries_amount',
      sql`case when ${table.kind} in ('issued', 'returned', 'refunded') then ${table.amount} > 0 else ${table.amount} < 0 end`,
    ),
    check(
      'gift_card_entries_kind',
      sql`${table.kind} in ('issued', 'spent', 'returned', 'refunded', 'expired', 'voided')`,
    ),
    check(
      'gift_card_entries_order',
      sql`${table.kind} not in ('spent', 'returned', 'refunded') or ${table.orderId} is not null`,
    ),
  ],
)
