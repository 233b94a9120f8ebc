import type { CurrencyCode } from '@shop/kernel/currencies'
import { fromStripeAmount } from '@shop/kernel/stripe-amount'
import { z } from 'zod'
import type { TaxLine } from '../pricing/domain/pricing.ts'
import type { TaxCalculation } from './domain/tax-answer.ts'
import { type TaxPart, toTaxLines } from './domain/tax-lines.ts'
import type { TaxRequest } from './domain/tax-request.ts'

const Breakdown = z.object({
  amount: z.int().nonnegative(),
  jurisdiction: z.object({ country: z.string().max(10), state: z.string().max(20).nullable() }),
  tax_rate_details: z
    .object({
      display_name: z.string().max(200),
      percentage_decimal: z.string().regex(/^\d{1,4}(\.\d{1,12})?$/),
      tax_type: z.string().max(50),
    })
    .nullable(),
  taxability_reason: z.string(),
})

const Taxed = z.object({
  amount: z.int().nonnegative(),
  amount_tax: z.int().nonnegative(),
  tax_breakdown: z.array(Breakdown),
})
type Taxed = z.output<typeof Taxed>

/** What is read of a calculation. https://docs.stripe.com/api/tax/calculations/object */
const Calculation = z.object({
  id: z.string().startsWith('taxcalc_').max(200),
  line_items: z
    .object({ data: z.array(Taxed.extend({ reference: z.string() })), has_more: z.literal(false) })
    .optional(),
  shipping_cost: Taxed.nullish(),
})

/**
 * Reads Stripe's answer to a request.
 *
 * @returns undefined for one that does not fit it: a line is missing, has another amount, or more tax than a price that
 * includes it. An order must not be charged by it
 */
export function readCalculation(answer: unknown, request: TaxRequest): TaxCalculation | undefined {
  const parsed = Calculation.safeParse(answer)
  if (!parsed.success) return undefined
  const { id: calculationId, line_items: items, shipping_cost: shipped } = parsed.data
  const read = (taxed: Taxed | null | undefined, amount: number) => taxed && readTaxes(taxed, amount, request)
  const found = new Map(items?.data.map((item) => [item.reference, item]))
  const lines = request.lines.map(({ position, amount }) => ({
    position,
    taxes: read(found.get(String(position)), amount),
  }))
  const shipping = request.shipping === 0 ? [] : read(shipped, request.shipping)
  if (!shipping || lines.length !== (items?.data.length ?? 0)) return undefined
  const taxes = new Map(lines.flatMap(({ position, taxes: one }) => (one ? [[position, one] as const] : [])))
  if (taxes.size < lines.length) return undefined
  const isReversed = [...(items?.data ?? []), ...(shipped ? [shipped] : [])].some(
    ({ amount_tax, tax_breakdown }) =>
      amount_tax === 0 && tax_breakdown.some(({ taxability_reason: reason }) => reason === 'reverse_charge'),
  )
  const isTaxed = [...taxes.values(), shipping].flat().some(({ amount }) => amount > 0)
  return { calculationId, lines: taxes, shipping, isReversed: isReversed && !isTaxed }
}

const StripeError = z.object({ error: z.object({ code: z.string().regex(/^\w{1,100}$/) }) })

/** Why Stripe refuses a call, where it names a code. https://docs.stripe.com/error-codes */
export function errorCodeOf(answer: unknown): string | undefined {
  return StripeError.safeParse(answer).data?.error.code
}

/** @param amount that was asked about */
function readTaxes(taxed: Taxed, amount: number, request: TaxRequest): TaxLine[] | undefined {
  const [asked, tax] = [taxed.amount, taxed.amount_tax].map((minor) => shopAmount(minor, request.currency))
  if (asked !== amount || tax === undefined || (request.pricesIncludeTax && tax > amount)) return undefined
  return toTaxLines(
    tax,
    taxed.tax_breakdown.flatMap(({ amount: part, jurisdiction, tax_rate_details: rate }): TaxPart[] => {
      if (rate === null) return []
      const { display_name: name, percentage_decimal: percentage, tax_type: type } = rate
      return [{ amount: part, country: jurisdiction.country, state: jurisdiction.state, type, name, percentage }]
    }),
  )
}

/** @returns undefined for a part of a minor unit */
function shopAmount(minor: number, currency: CurrencyCode): number | undefined {
  const amount = fromStripeAmount({ minor, currency })
  return Number.isInteger(amount) ? amount : undefined
}
