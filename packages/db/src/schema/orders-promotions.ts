import type { CurrencyCode } from '@shop/kernel/currencies'
import type { CodeBatchId, OrderId, PromotionId } from '@shop/kernel/ids'
import { sql } from 'drizzle-orm'
import { boolean, check, index, integer, jsonb, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { currencyCode, instant, minorUnits } from './columns.ts'
import { orders, ordersSchema } from './orders.ts'

/** Minor units. */
type AmountIn = { currency: CurrencyCode; amount: number }
type Products = { productIds: readonly number[]; collectionIds: readonly number[] }

/** Discounts by code or for everybody. Deleting only marks a row: orders and uses still refer to it. */
export const promotions = ordersSchema.table(
  'promotions',
  {
    id: text('id').$type<PromotionId>().primaryKey(),
    name: text('name').notNull(),
    /** The code that many orders may use, as it was made; as it is compared, it is in `promotion_codes`. */
    code: text('code'),
    /** Set once single-use codes were made, or are to be. Without codes of either kind the promotion is automatic. */
    hasSingleUseCodes: boolean('has_single_use_codes').notNull().default(false),
    type: text('type', { enum: ['percentage', 'fixed_amount', 'free_shipping', 'buy_x_get_y', 'tiered'] }).notNull(),
    /** Percent, a decimal text. */
    value: text('value'),
    amounts: jsonb('amounts').$type<readonly AmountIn[]>().notNull().default([]),
    tiers: jsonb('tiers')
      .$type<readonly { minQuantity: number | null; minSubtotal: readonly AmountIn[] | null; value: string }[]>()
      .notNull()
      .default([]),
    buy: jsonb('buy').$type<Products & { quantity: number }>(),
    get: jsonb('get').$type<Products & { quantity: number; percentOff: string }>(),
    appliesTo: jsonb('applies_to').$type<Products & { categoryIds: readonly number[] }>().notNull(),
    conditions: jsonb('conditions')
      .$type<{
        minSubtotal: readonly AmountIn[]
        minQuantity: number | null
        countries: readonly string[]
        groupIds: readonly string[]
        isFirstOrder: boolean
      }>()
      .notNull(),
    usageLimit: integer('usage_limit'),
    usageLimitPerCustomer: integer('usage_limit_per_customer'),
    /** The most that all uses together may take off. Orders in other currencies cannot use a promotion with a budget. */
    budget: minorUnits('budget'),
    budgetCurrency: currencyCode('budget_currency').$type<CurrencyCode>(),
    /** From then on, and until just before. */
    startsAt: instant('starts_at'),
    endsAt: instant('ends_at'),
    priority: integer('priority').notNull(),
    stackable: boolean('stackable').notNull(),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    deletedAt: instant('deleted_at'),
    version: integer('version').notNull().default(1),
  },
  (table) => [
    index('promotions_automatic')
      .on(table.endsAt)
      .where(sql`code is null and not has_single_use_codes and deleted_at is null`),
    check('promotions_name_length', sql`length(${table.name}) between 1 and 100`),
    check(
      'promotions_type',
      sql`(${table.type} = 'percentage') = (${table.value} is not null)
      and (${table.type} = 'fixed_amount') = (${table.amounts} <> '[]')
      and (${table.type} = 'tiered') = (${table.tiers} <> '[]')
      and (${table.type} = 'buy_x_get_y') = (${table.buy} is not null)
      and (${table.type} = 'buy_x_get_y') = (${table.get} is not null)`,
    ),
    check('promotions_value', sql`${table.value}::numeric > 0 and ${table.value}::numeric <= 100`),
    check('promotions_limits', sql`${table.usageLimit} >= 1 and ${table.usageLimitPerCustomer} >= 1`),
    check(
      'promotions_budget',
      sql`(${table.budget} is null) = (${table.budgetCurrency} is null)
      and (${table.budget} is null or ${table.budget} between 1 and 999999999999999)`,
    ),
    check('promotions_dates', sql`${table.endsAt} > ${table.startsAt}`),
  ],
)

/**
 * Codes as they are compared: see `codeKey` of promotions. A code that many orders may use is deleted with its promotion,
 * so that it can be used again. A single-use code stays.
 */
export const promotionCodes = ordersSchema.table(
  'promotion_codes',
  {
    code: text('code').primaryKey(),
    /** Without a foreign key, whose check takes three times as long as storing 100,000 codes. No promotion is erased. */
    promotionId: text('promotion_id').$type<PromotionId>().notNull(),
    /** The request that made a single-use code, and its index there. Null for the code that many orders may use. */
    batchId: text('batch_id').$type<CodeBatchId>(),
    position: integer('position'),
    /** The order that uses a single-use code. */
    usedBy: text('used_by')
      .$type<OrderId>()
      .references(() => orders.id),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [
    uniqueIndex('promotion_codes_shared').on(table.promotionId).where(sql`batch_id is null`),
    uniqueIndex('promotion_codes_of_promotion')
      .on(table.promotionId, table.batchId, table.position)
      .where(sql`batch_id is not null`),
    check('promotion_codes_batch', sql`(${table.batchId} is null) = (${table.position} is null)`),
    check('promotion_codes_single_use', sql`${table.usedBy} is null or ${table.batchId} is not null`),
  ],
)

/** What orders have used. Written with the order, and marked as returned with its cancellation where it was unpaid. */
export const promotionUses = ordersSchema.table(
  'promotion_uses',
  {
    orderId: text('order_id')
      .notNull()
      .references(() => orders.id),
    promotionId: text('promotion_id')
      .$type<PromotionId>()
      .notNull()
      .references(() => promotions.id),
    /** As in `orders.customer_key`. */
    customerKey: text('customer_key').notNull(),
    /** As it is compared. Null for an automatic promotion. */
    code: text('code'),
    isSingleUse: boolean('is_single_use').notNull(),
    /** What the promotion took off the order. */
    amount: minorUnits('amount').notNull(),
    currency: currencyCode('currency').notNull(),
    createdAt: instant('created_at').notNull(),
    returnedAt: instant('returned_at'),
  },
  (table) => [
    primaryKey({ columns: [table.orderId, table.promotionId] }),
    index('promotion_uses_standing').on(table.promotionId, table.customerKey).where(sql`returned_at is null`),
    uniqueIndex('promotion_uses_single_use').on(table.code).where(sql`is_single_use and returned_at is null`),
    check('promotion_uses_amount', sql`${table.amount} >= 0`),
    check('promotion_uses_code', sql`not ${table.isSingleUse} or ${table.code} is not null`),
  ],
)

/**
 * How often a promotion is used, by all customers together and by each. A counter is there while the promotion has a limit
 * that needs it, and then counts all uses that stand.
 *
 * The limits are those under which the last use was counted, so that a row is within its own limits whatever staff change,
 * and one more use than they allow violates a constraint.
 */
export const promotionCounters = ordersSchema.table(
  'promotion_counters',
  {
    promotionId: text('promotion_id')
      .$type<PromotionId>()
      .notNull()
      .references(() => promotions.id),
    /** Empty for all customers together. */
    customerKey: text('customer_key').notNull(),
    uses: integer('uses').notNull(),
    /** What the uses in the currency of the budget took off; 0 without a budget, and for one customer. */
    amount: minorUnits('amount').notNull(),
    /** Null where that limit does not exist, or no use was counted under it yet. */
    maxUses: integer('max_uses'),
    maxAmount: minorUnits('max_amount'),
    updatedAt: instant('updated_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.promotionId, table.customerKey] }),
    check('promotion_counters_counts', sql`${table.uses} >= 0 and ${table.amount} >= 0`),
    check('promotion_counters_usage_limit', sql`${table.customerKey} <> '' or ${table.uses} <= ${table.maxUses}`),
    check('promotion_counters_per_customer', sql`${table.customerKey} = '' or ${table.uses} <= ${table.maxUses}`),
    check('promotion_counters_budget', sql`${table.amount} <= ${table.maxAmount}`),
  ],
)
