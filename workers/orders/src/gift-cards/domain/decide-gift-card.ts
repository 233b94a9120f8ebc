import type { InvalidGiftCard } from '@shop/contracts/orders/gift-card-failures'
import { type CurrencyCode, chargeRule } from '@shop/kernel/currencies'
import type { FieldError } from '@shop/kernel/failures'
import { toMajor, toMinor } from '@shop/kernel/money'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { NewGiftCard } from './gift-card.ts'

type Draft = {
  amount: number
  currency: CurrencyCode
  expiresAt?: Date | undefined
  recipientEmail?: string | undefined
  note?: string | undefined
}

/** In minor units of a currency in which nothing can be charged at once. */
const UNCHARGED_MAXIMUM = 999_999_999_999

/** Decides a card that staff issue. The amount must be above 0 and at most what can be charged at once in the currency. */
export function decideGiftCard(
  { amount, currency, ...draft }: Draft,
  now: Date,
): Result<Omit<NewGiftCard, 'id' | 'codeHash' | 'lastFour' | 'createdAt'>, InvalidGiftCard> {
  const expiresAt = draft.expiresAt ?? null
  const minor = toMinor(amount, currency)
  const errors: FieldError[] = [
    ...(minor.ok
      ? amountErrors(minor.value, currency)
      : [{ field: 'amount', message: 'must be an amount of the currency' }]),
    ...expiryErrors(expiresAt, now),
  ]
  if (!minor.ok || errors.length > 0) return fail({ code: 'invalid_gift_card', errors })
  return ok({
    ...{ currency, initialBalance: minor.value, source: 'staff', orderId: null, lineId: null, unit: null },
    ...{ refundId: null, recipientEmail: draft.recipientEmail ?? null, note: draft.note ?? null, expiresAt },
  })
}

function amountErrors(minor: number, currency: CurrencyCode): FieldError[] {
  const maximum = chargeRule(currency)?.maximum ?? UNCHARGED_MAXIMUM
  if (minor < 1) return [{ field: 'amount', message: 'must be above 0' }]
  return minor > maximum ? [{ field: 'amount', message: `must be ${toMajor(maximum, currency)} at most` }] : []
}

export const expiryErrors = (expiresAt: Date | null, now: Date): FieldError[] =>
  expiresAt !== null && expiresAt <= now ? [{ field: 'expires_at', message: 'must be in the future' }] : []
