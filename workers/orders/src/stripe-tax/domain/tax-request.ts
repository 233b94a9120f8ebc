import type { Address } from '@shop/addresses/address'
import type { CurrencyCode } from '@shop/kernel/currencies'
import type { PricedPurchase, Purchase, PurchaseLine } from '../../pricing/domain/purchase.ts'

/** Where a purchase is taxed. */
export type TaxPlace = { address: Address; source: 'shipping' | 'billing' }

/** What Stripe Tax is asked. Amounts in minor units, after discounts. */
export type TaxRequest = {
  /**
   * Whose purchase: the id of its cart, or the key of its buyer. Stripe records a calculation once, so purchases that are
   * alike have one each.
   */
  scope: string
  currency: CurrencyCode
  address: Pick<Address, 'line1' | 'line2' | 'city' | 'region' | 'postal_code' | 'country'>
  addressSource: TaxPlace['source']
  pricesIncludeTax: boolean
  /** Those that cost something. `position` in the purchase, since lines of a cart and of its order have other ids. */
  lines: { position: number; amount: number; quantity: number; taxCode: string | null }[]
  shipping: number
  vatId: string | null
}

/**
 * What to ask about a purchase.
 *
 * @param untaxed the purchase as it is priced without tax
 * @returns undefined where nothing costs anything
 */
export function toTaxRequest(
  untaxed: PricedPurchase,
  { lines, vatId }: Purchase,
  { address, source, scope }: TaxPlace & { scope: string },
): TaxRequest | undefined {
  const { line1, line2, city, region, postal_code, country } = address
  const priced = untaxed.lines.map(({ subtotal, discount, quantity }, position) => {
    const taxCode = taxCodeOf(lines[position]?.quote)
    return { position, amount: subtotal - discount, quantity, taxCode }
  })
  const { shipping } = untaxed
  const request = {
    ...{ scope, currency: untaxed.currency, pricesIncludeTax: untaxed.pricesIncludeTax, addressSource: source },
    address: { line1, line2, city, region, postal_code, country },
    lines: priced.filter(({ amount }) => amount > 0),
    shipping: shipping === null ? 0 : shipping.subtotal - shipping.discount,
    vatId: vatId?.number ?? null,
  }
  return request.lines.length === 0 && request.shipping === 0 ? undefined : request
}

/** A tax category may be one of Stripe's codes. Any other is the shop's own, for its own rates. */
function taxCodeOf(quote: PurchaseLine['quote'] | undefined): string | null {
  if (quote?.type === 'gift_card') return GIFT_CARD
  const taxCategory = quote?.taxCategory ?? null
  return taxCategory !== null && /^txcd_\d{8}$/.test(taxCategory) ? taxCategory : null
}

/** Not taxed when it is sold. Source: https://docs.stripe.com/tax/tax-codes */
const GIFT_CARD = 'txcd_10502000'

/**
 * Whether Stripe can find the place: in the US by the postal code, in Canada by that or the province, elsewhere by the country.
 *
 * Source: https://docs.stripe.com/tax/customer-locations#supported-formats
 */
export function isComplete({ line1, region, postal_code, country }: TaxRequest['address']): boolean {
  if (line1.trim() === '') return false
  if (country === 'US') return postal_code !== undefined
  return country !== 'CA' || postal_code !== undefined || region !== undefined
}
