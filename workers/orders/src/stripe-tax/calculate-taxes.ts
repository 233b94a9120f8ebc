import type { AddressIncomplete } from '@shop/contracts/orders/failures'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { OrdersDeps } from '../deps.ts'
import { pricePurchase } from '../pricing/domain/price-purchase.ts'
import { type CalculatedTaxes, NO_TAXES, type Purchase } from '../pricing/domain/purchase.ts'
import type { TaxCalculation } from './domain/tax-answer.ts'
import { isComplete, type TaxPlace, toTaxRequest } from './domain/tax-request.ts'

export type TaxDeps = Pick<OrdersDeps, 'taxCalculator' | 'taxFallback' | 'warn'>

/**
 * The taxes of a purchase by Stripe Tax, for `pricePurchase`, which is called once without them to learn what is taxed.
 *
 * @param place null while no structured address is known
 * @param scope the id of the cart or, without one, the key of the buyer
 * @returns undefined where the shop's own rates apply: it does not use Stripe Tax, the place is unknown, staff have exempted
 * the buyer, or Stripe is away and the shop falls back. An address that Stripe does not find is refused, since own rates
 * would reward a wrong one
 */
export async function calculateTaxes(
  { taxCalculator, taxFallback, warn }: TaxDeps,
  purchase: Purchase,
  { place, scope }: { place: TaxPlace | null; scope: string },
): Promise<Result<CalculatedTaxes | undefined, AddressIncomplete | ServiceUnavailable>> {
  if (taxCalculator === undefined || place === null || purchase.rules.tax.isExempt) return ok(undefined)
  const untaxed = pricePurchase({ ...purchase, calculatedTaxes: NO_TAXES })
  const request = toTaxRequest(untaxed, purchase, { ...place, scope })
  if (request === undefined) return ok(NO_TAXES)
  if (!isComplete(request.address)) return fail({ code: 'address_incomplete' })
  const answer = await taxCalculator.calculate(request)
  if (answer.kind === 'calculated') return ok(toCalculatedTaxes(answer, purchase))
  if (answer.kind === 'address_refused') return fail({ code: 'address_incomplete' })
  warn('stripe_tax_unavailable', { reason: answer.reason, fallback: taxFallback })
  return taxFallback === 'rates' ? ok(undefined) : fail({ code: 'service_unavailable' })
}

/** By the ids that the lines of this purchase have. */
function toCalculatedTaxes({ lines, ...calculation }: TaxCalculation, purchase: Purchase): CalculatedTaxes {
  const byId = purchase.lines.map(({ id }, position) => [id, lines.get(position) ?? []] as const)
  const { calculationId, shipping, isReversed } = calculation
  return { calculationId, shipping, isReversed, lines: new Map(byId) }
}
