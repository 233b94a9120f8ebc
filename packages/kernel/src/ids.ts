import { z } from 'zod'

/**
 * Ids of people, orders, payments and what belongs to them are TypeIDs: a prefix and a UUIDv7 in Crockford base32, sortable by time.
 * Source: https://github.com/jetify-com/typeid/tree/main/spec
 */
export const ID_PREFIXES = {
  user: 'user',
  session: 'session',
  address: 'addr',
  order: 'order',
  orderLine: 'line',
  orderEdit: 'edit',
  cart: 'cart',
  cartItem: 'item',
  payment: 'pay',
  refund: 'refund',
  shipment: 'ship',
  return: 'ret',
  shippingZone: 'zone',
  shippingOption: 'shopt',
  taxRate: 'taxrate',
  taxExemption: 'taxexempt',
  promotion: 'promo',
  codeBatch: 'batch',
  mail: 'mail',
  apiKey: 'key',
  invitation: 'invite',
  auditEntry: 'audit',
  factor: 'factor',
  customerGroup: 'group',
  customerNote: 'note',
  giftCard: 'gift',
  webhookEndpoint: 'whep',
  webhookMessage: 'msg',
} as const

export type IdKind = keyof typeof ID_PREFIXES
export type Id<K extends IdKind> = `${(typeof ID_PREFIXES)[K]}_${string}`
export type UserId = Id<'user'>
export type SessionId = Id<'session'>
export type AddressId = Id<'address'>
export type FactorId = Id<'factor'>
export type CustomerGroupId = Id<'customerGroup'>
export type CustomerNoteId = Id<'customerNote'>
export type OrderId = Id<'order'>
export type OrderLineId = Id<'orderLine'>
export type OrderEditId = Id<'orderEdit'>
export type CartId = Id<'cart'>
export type CartItemId = Id<'cartItem'>
export type PaymentId = Id<'payment'>
export type RefundId = Id<'refund'>
export type ShipmentId = Id<'shipment'>
export type ReturnId = Id<'return'>
export type ApiKeyId = Id<'apiKey'>
export type InvitationId = Id<'invitation'>
export type AuditEntryId = Id<'auditEntry'>
export type PromotionId = Id<'promotion'>
export type MailId = Id<'mail'>
export type GiftCardId = Id<'giftCard'>
export type WebhookEndpointId = Id<'webhookEndpoint'>
/** Of an event as webhook endpoints know it. */
export type WebhookMessageId = Id<'webhookMessage'>
/** Of single-use codes that one request made. */
export type CodeBatchId = Id<'codeBatch'>

/** True for a well-formed id of that kind, whether or not the entity exists. */
export function isId<K extends IdKind>(kind: K, text: string): text is Id<K> {
  const prefix = `${ID_PREFIXES[kind]}_`
  return text.startsWith(prefix) && /^[0-7][0-9a-hjkmnp-tv-z]{25}$/.test(text.slice(prefix.length))
}

/**
 * An id in a path or a body. Any short text passes: a malformed id names nothing, so the operation answers not found,
 * just as for somebody else's id.
 */
export const opaqueId = (example: string) =>
  z.string().min(1).max(100).meta({ description: 'Opaque identifier', example })

/** Ids of products and variants: public, so plain integers. */
export const CatalogId = z.int().min(1).max(Number.MAX_SAFE_INTEGER).meta({ description: 'Product id', example: 1 })

/** The same in a path, where it arrives as text. */
export const CatalogIdParam = z
  .string()
  .regex(/^[1-9][0-9]{0,15}$/, 'must be a whole number of 1 or more')
  .transform(Number)
  .refine(Number.isSafeInteger, 'is out of range')
  .meta({ type: 'integer', description: 'Product id', example: 1 })
