import { ORDER_ID_EXAMPLE } from '@shop/contracts/orders/access'
import { GIFT_CARD_ENTRY_KINDS, GIFT_CARD_SOURCES, GIFT_CARD_STATUSES } from '@shop/contracts/orders/states'
import type { CurrencyCode } from '@shop/kernel/currencies'
import { opaqueId } from '@shop/kernel/ids'
import { Amount, toMajor } from '@shop/kernel/money'
import { Instant } from '@shop/kernel/text'
import { z } from 'zod'
import { type GiftCard, type GiftCardEntry, statusOf } from '../domain/gift-card.ts'

export const GIFT_CARD_ID_EXAMPLE = 'gift_01jd4k2v9rf0fv8z3x1m5q7w2e'

export const GiftCardParams = z.object({ id: opaqueId(GIFT_CARD_ID_EXAMPLE) })

const cardFields = {
  id: opaqueId(GIFT_CARD_ID_EXAMPLE),
  status: z.enum(GIFT_CARD_STATUSES).meta({
    description: '`used_up`: the balance is 0; a refund can raise it again. `voided`: staff voided the card',
    example: 'active',
  }),
  last_four: z.string().meta({ description: 'The last four characters of the code', example: '81CW' }),
  balance: Amount.meta({ example: 50 }),
  initial_balance: Amount.meta({ example: 50 }),
  currency: z.string().meta({ example: 'EUR' }),
  source: z.enum(GIFT_CARD_SOURCES).meta({
    description:
      '`sale`: bought in an order. `staff`: issued by staff. `refund`, `exchange`: store credit instead of money',
    example: 'staff',
  }),
  order_id: opaqueId(ORDER_ID_EXAMPLE)
    .nullable()
    .meta({ description: 'The order that bought the card, or whose refund issued it', example: null }),
  recipient_email: z.string().nullable().meta({ description: 'The address that the code is mailed to', example: null }),
  note: z.string().nullable().meta({ example: 'For the broken teapot' }),
  expires_at: Instant.nullable().meta({ description: 'Null: the card does not expire', example: null }),
  voided_at: Instant.nullable().meta({ example: null }),
  created_at: Instant,
  updated_at: Instant,
  version: z.int().meta({ description: 'Counts the changes. For If-Match, as in the ETag', example: 1 }),
}

export const GiftCardView = z.strictObject(cardFields).meta({ id: 'GiftCard' })

const GiftCardEntryView = z
  .strictObject({
    kind: z.enum(GIFT_CARD_ENTRY_KINDS).meta({ example: 'issued' }),
    amount: z.number().meta({ description: 'In major units; negative where the balance was reduced', example: 50 }),
    order_id: opaqueId(ORDER_ID_EXAMPLE).nullable().meta({ example: null }),
    at: Instant,
  })
  .meta({ id: 'GiftCardEntry' })

export const GiftCardWithEntries = z
  .strictObject({
    ...cardFields,
    entries: z.array(GiftCardEntryView).meta({ description: 'Every change of the balance, oldest first' }),
  })
  .meta({ id: 'GiftCardWithEntries' })

export const IssuedGiftCard = z
  .strictObject({
    ...cardFields,
    code: z.string().meta({
      description: 'Returned only here, and by a repeated request with the same key. It is not stored',
      example: '7KQ2-M9XR-4DTV-H0PZ-81CW',
    }),
  })
  .meta({ id: 'IssuedGiftCard' })

export const GiftCardWithMessage = z
  .strictObject({ gift_card: GiftCardView, message: z.string().meta({ example: 'Gift card updated' }) })
  .meta({ id: 'GiftCardWithMessage' })

export function toGiftCardView(card: GiftCard, now: Date): z.infer<typeof GiftCardView> {
  const { currency } = card
  return {
    id: card.id,
    status: statusOf(card, now),
    last_four: card.lastFour,
    balance: toMajor(card.balance, currency),
    initial_balance: toMajor(card.initialBalance, currency),
    currency,
    source: card.source,
    order_id: card.orderId,
    recipient_email: card.recipientEmail,
    note: card.note,
    expires_at: card.expiresAt?.toISOString() ?? null,
    voided_at: card.voidedAt?.toISOString() ?? null,
    created_at: card.createdAt.toISOString(),
    updated_at: card.updatedAt.toISOString(),
    version: card.version,
  }
}

export const toEntryView = (
  { kind, amount, orderId, at }: GiftCardEntry,
  currency: CurrencyCode,
): z.infer<typeof GiftCardEntryView> => ({
  kind,
  amount: toMajor(amount, currency),
  order_id: orderId,
  at: at.toISOString(),
})
