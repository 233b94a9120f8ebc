import type { CodeNotApplied, TotalChanged } from '@shop/contracts/orders/failures'
import { type InvalidAmount, toMajor, toMinor } from '@shop/kernel/money'
import { fail, ok, type Result } from '@shop/kernel/result'
import { codeKey } from '../../promotions/domain/code-key.ts'
import type { PricedCart } from './pricing.ts'
import type { PricedPurchase } from './purchase.ts'

/** What the buyer has seen. */
export type Expected = {
  /** Major units, as it was sent. */
  totalAmount?: number | undefined
  /** The codes that applied. Without them, every entered code has to apply. */
  codes?: readonly string[] | undefined
}

/** Checks that an order costs what its buyer expects, and that the codes apply that they expect. */
export function checkExpected(
  priced: PricedCart & Pick<PricedPurchase, 'refusedCodes'>,
  { totalAmount, codes }: Expected,
): Result<undefined, CodeNotApplied | TotalChanged | InvalidAmount> {
  const [refused] = priced.refusedCodes
  if (codes === undefined && refused !== undefined) {
    return fail({ code: 'code_not_applied', promotionCode: refused.code, reason: refused.reason })
  }
  const areOthers = codes !== undefined && keysOf(codes) !== keysOf(appliedCodes(priced))
  const expected = totalAmount === undefined ? ok(priced.total) : toMinor(totalAmount, priced.currency)
  if (!expected.ok) return expected
  return areOthers || expected.value !== priced.total ? fail(totalChanged(priced)) : ok()
}

/** The codes whose promotions take something off. */
export const appliedCodes = ({ adjustments }: Pick<PricedCart, 'adjustments'>): string[] =>
  adjustments.flatMap(({ code }) => (code === null ? [] : [code]))

const keysOf = (codes: readonly string[]) => [...new Set(codes.map(codeKey))].sort().join('\n')

function totalChanged(priced: PricedCart): TotalChanged {
  const { currency } = priced
  const amount = (minor: number) => toMajor(minor, currency)
  return {
    code: 'total_changed',
    currency,
    subtotal: amount(priced.subtotal),
    discountTotal: amount(priced.discountTotal),
    shippingTotal: amount(priced.shippingTotal),
    taxTotal: amount(priced.taxTotal),
    totalAmount: amount(priced.total),
    codes: appliedCodes(priced),
  }
}
