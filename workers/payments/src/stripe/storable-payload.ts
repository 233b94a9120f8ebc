import { isStorable } from '@shop/kernel/text'

/** Stripe's own objects are far less deep. What is deeper could not be written as JSON, or not be read by Postgres. */
const DEEPEST = 30

/** Confirms or cancels a payment together with the publishable key, so it is kept in the payment's row only. */
const CLIENT_SECRET = /\b[a-z]+_[A-Za-z0-9]+_secret_\w+/g

/**
 * Members of Stripe's objects that say who somebody is, or which card they have. The shop acts on ids, amounts and states only,
 * so it never stores them, and has none to erase.
 */
const PERSONAL = new Set([
  'address',
  'billing_details',
  'customer_details',
  'customer_email',
  'email',
  'evidence',
  'ip',
  'ip_address',
  'name',
  'owner',
  'payment_method_details',
  'phone',
  'receipt_email',
  'receipt_url',
  'shipping',
  'shipping_details',
  // Objects of a kind of method, such as `card`, have these.
  'dynamic_last4',
  'exp_month',
  'exp_year',
  'fingerprint',
  'iin',
  'last4',
])

/**
 * An event as it is kept: without client secrets, without what is personal, and without what Postgres cannot store. Customers can put text into
 * events, and Stripe would send an event that is refused again for days.
 */
export function storablePayload(event: unknown): object {
  const kept = storable(event, 0)
  return typeof kept === 'object' && kept !== null && !Array.isArray(kept) ? kept : { body: kept }
}

function storable(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return storableText(value).replace(CLIENT_SECRET, '[redacted]')
  if (typeof value !== 'object' || value === null) return value
  if (depth === DEEPEST) return '[too deep]'
  if (Array.isArray(value)) return value.map((item) => storable(item, depth + 1))
  const members = Object.entries(value).filter(([name]) => name !== 'client_secret' && !PERSONAL.has(name))
  return Object.fromEntries(members.map(([name, member]) => [storableText(name), storable(member, depth + 1)]))
}

export function storableText(text: string): string {
  return isStorable(text) ? text : text.toWellFormed().replaceAll('\u0000', '\ufffd')
}
