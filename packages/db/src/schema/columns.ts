import { bigint, char, jsonb, timestamp } from 'drizzle-orm/pg-core'

/** An instant. Microseconds are cut to the milliseconds that a `Date` can hold, so reads equal writes. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' })

/** Minor units. A JavaScript number, since no amount is above 10^15 - 1. */
export const minorUnits = (name: string) => bigint(name, { mode: 'number' })

export const currencyCode = (name: string) => char(name, { length: 3 })

/** Pairs of texts; the contract allows 50. */
export const metadata = () => jsonb('metadata').$type<Record<string, string>>().notNull().default({})
