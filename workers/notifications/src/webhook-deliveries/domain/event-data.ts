import { isCurrencyCode } from '@shop/kernel/currencies'
import { toMajor } from '@shop/kernel/money'
import { snakeCase } from '@shop/kernel/text'

/** Members of payloads that are amounts. A test checks that no other whole number is one. */
export const AMOUNTS: ReadonlySet<string> = new Set([
  'total',
  'amount',
  'price',
  'capturedAmount',
  'capturedBefore',
  'refundedAmount',
])

type Json = Record<string, unknown>

/**
 * The payload of an event as the API writes it: members in snake_case, amounts as decimals in major units.
 *
 * @param around the currency of the object that this one is in
 * @throws Error for an amount without a currency: as minor units it would be read a hundred times too large
 */
export function webhookData(payload: Json, around?: unknown): Json {
  const currency = payload.currency ?? around
  const members = Object.entries(payload).map(([name, value]) => [snakeCase(name), written(name, value, currency)])
  return Object.fromEntries(members)
}

function written(name: string, value: unknown, currency: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => written(name, item, currency))
  if (typeof value === 'object' && value !== null) return webhookData(value as Json, currency)
  if (typeof value !== 'number' || !AMOUNTS.has(name)) return value
  if (typeof currency !== 'string' || !isCurrencyCode(currency)) throw new Error(`The amount ${name} has no currency`)
  return toMajor(value, currency)
}
