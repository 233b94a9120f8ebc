import type { FieldError } from '@shop/kernel/failures'
import { toMinor } from '@shop/kernel/money'
import type { AmountIn } from './promotion.ts'
import type { AmountDraft, PercentDraft } from './promotion-draft.ts'

// Each function returns what is to be stored, and adds to `errors` what is wrong with it; then the value is of no use.

const PERCENT = /^(?:0|[1-9]\d{0,2})(?:\.\d{1,4})?$/

/** A percentage as its shortest decimal text: '12.50' and 12.5 are '12.5'. */
export function readPercent(given: PercentDraft, field: string, errors: FieldError[]): string {
  const text = String(given)
  const value = Number(text)
  if (!PERCENT.test(text) || value <= 0 || value > 100) {
    errors.push({ field, message: 'must be above 0 and at most 100, with at most 4 decimals' })
  }
  return String(value)
}

/** Amounts above 0 in different currencies, in minor units. */
export function readAmounts(
  drafts: readonly AmountDraft[] | undefined = [],
  field: string,
  errors: FieldError[],
): AmountIn[] {
  return drafts.map((draft, index) => {
    const isRepeated = drafts.findIndex(({ currency }) => currency === draft.currency) < index
    if (isRepeated) errors.push({ field: `${field}.${index}.currency`, message: `is ${draft.currency} again` })
    return readAmount(draft, `${field}.${index}.amount`, errors)
  })
}

/** An amount above 0 in minor units. */
export function readAmount({ currency, amount }: AmountDraft, field: string, errors: FieldError[]): AmountIn {
  const minor = toMinor(amount, currency)
  if (!minor.ok) errors.push({ field, message: `is not an amount of ${currency}: ${minor.failure.reason}` })
  else if (minor.value === 0) errors.push({ field, message: 'must be above 0' })
  return { currency, amount: minor.ok ? minor.value : 0 }
}

/** A member that a merge patch may have left out. */
export function required<T>(given: T | undefined, fallback: T, field: string, errors: FieldError[]): T {
  if (given === undefined) errors.push({ field, message: 'is required' })
  return given ?? fallback
}
