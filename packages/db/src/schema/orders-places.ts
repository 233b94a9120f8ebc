import { sql } from 'drizzle-orm'
import { type AnyPgColumn, boolean, check, index, integer, jsonb, numeric, text } from 'drizzle-orm/pg-core'
import { instant } from './columns.ts'
import { ordersSchema } from './orders.ts'

/** Some postal codes of a country, as the orders worker matches them. */
type PostalCodes = { prefix: string } | { from: string; to: string }
type Area = { country: string; regions: string[]; postalCodes: PostalCodes[] }
/** In minor units. `from`: grams, or minor units of the subtotal, from which the amount is the price. */
type BandPrice = { currency: string; amount: number; from: number }

const isText = (column: AnyPgColumn, max: number) => sql`length(${column}) between 1 and ${sql.raw(String(max))}`
const isList = (column: AnyPgColumn) => sql`jsonb_typeof(${column}) = 'array'`

/** A part of the world with options of shipping of its own. */
export const shippingZones = ordersSchema.table(
  'shipping_zones',
  {
    id: text('id').primaryKey(),
    name: text('name').notNull(),
    /** Empty for the rest of the world. */
    areas: jsonb('areas').$type<Area[]>().notNull(),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    version: integer('version').notNull().default(1),
  },
  (table) => [
    check('shipping_zones_name', isText(table.name, 100)),
    check('shipping_zones_areas_list', isList(table.areas)),
  ],
)

/** A way to deliver to a zone, with its price. */
export const shippingOptions = ordersSchema.table(
  'shipping_options',
  {
    id: text('id').primaryKey(),
    zoneId: text('zone_id')
      .notNull()
      .references(() => shippingZones.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    estimate: text('estimate'),
    isPickup: boolean('is_pickup').notNull(),
    pricing: text('pricing', { enum: ['flat', 'per_item', 'by_weight', 'by_subtotal'] }).notNull(),
    prices: jsonb('prices').$type<BandPrice[]>().notNull(),
    /** Subtotals from which it is free, in minor units. */
    freeFrom: jsonb('free_from').$type<{ currency: string; amount: number }[]>().notNull(),
    maxWeightGrams: integer('max_weight_grams'),
    excludedShippingClasses: text('excluded_shipping_classes').array().notNull(),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    version: integer('version').notNull().default(1),
  },
  (table) => [
    index('shipping_options_of_zone').on(table.zoneId, table.id),
    check('shipping_options_name', isText(table.name, 100)),
    check('shipping_options_pricing', sql`${table.pricing} in ('flat', 'per_item', 'by_weight', 'by_subtotal')`),
    check('shipping_options_prices', sql`${isList(table.prices)} and ${table.prices} <> '[]'`),
    check('shipping_options_free_from', isList(table.freeFrom)),
    check('shipping_options_max_weight', sql`${table.maxWeightGrams} > 0`),
  ],
)

/** A tax on what is delivered to a place. */
export const taxRates = ordersSchema.table(
  'tax_rates',
  {
    id: text('id').primaryKey(),
    name: text('name').notNull(),
    country: text('country').notNull(),
    /** Codes of ISO 3166-2 without the country; empty for all. */
    regions: text('regions').array().notNull(),
    postalCodes: jsonb('postal_codes').$type<PostalCodes[]>().notNull(),
    /** Null for every category. */
    taxCategory: text('tax_category'),
    /** A fraction: 0.19. Read as the text that was written. */
    rate: numeric('rate').notNull(),
    priority: integer('priority').notNull(),
    isCompound: boolean('is_compound').notNull(),
    validFrom: instant('valid_from'),
    validTo: instant('valid_to'),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    version: integer('version').notNull().default(1),
  },
  (table) => [
    index('tax_rates_of_country').on(table.country, table.id),
    check('tax_rates_name', isText(table.name, 100)),
    check('tax_rates_country', sql`${table.country} ~ '^[A-Z]{2}$'`),
    check('tax_rates_postal_codes', isList(table.postalCodes)),
    check('tax_rates_rate', sql`${table.rate} >= 0 and ${table.rate} < 10 and scale(${table.rate}) <= 6`),
    check('tax_rates_priority', sql`${table.priority} between 1 and 100`),
    check('tax_rates_validity', sql`${table.validFrom} < ${table.validTo}`),
  ],
)

/** How tax applies in a country, where it is not by the defaults. */
export const taxCountries = ordersSchema.table(
  'tax_countries',
  {
    country: text('country').primaryKey(),
    pricesIncludeTax: boolean('prices_include_tax').notNull(),
    taxedAt: text('taxed_at', { enum: ['destination', 'origin'] }).notNull(),
    allowsReverseCharge: boolean('allows_reverse_charge').notNull(),
    updatedAt: instant('updated_at').notNull(),
    version: integer('version').notNull().default(1),
  },
  (table) => [
    check('tax_countries_country', sql`${table.country} ~ '^[A-Z]{2}$'`),
    check('tax_countries_taxed_at', sql`${table.taxedAt} in ('destination', 'origin')`),
  ],
)

/** An account that pays no tax, in one country or in all. */
export const taxExemptions = ordersSchema.table(
  'tax_exemptions',
  {
    id: text('id').primaryKey(),
    userId: text('user_id').notNull(),
    /** Null for every country. */
    country: text('country'),
    reason: text('reason').notNull(),
    validFrom: instant('valid_from'),
    validTo: instant('valid_to'),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [
    index('tax_exemptions_of_user').on(table.userId, table.id),
    check('tax_exemptions_country', sql`${table.country} ~ '^[A-Z]{2}$'`),
    check('tax_exemptions_reason', isText(table.reason, 200)),
    check('tax_exemptions_validity', sql`${table.validFrom} < ${table.validTo}`),
  ],
)
