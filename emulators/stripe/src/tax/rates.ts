import type Stripe from 'stripe'

/** A tax of a place. `percentage` as Stripe writes it: 8.5 % is '8.5'. */
export interface PlaceTax {
  level: 'country' | 'state' | 'county'
  authority: string
  display_name: string
  tax_type: 'vat' | 'sales_tax' | 'gst' | 'qst'
  percentage: string
}

const vat = (authority: string, percentage: string): PlaceTax[] => [
  { level: 'country', authority, display_name: 'VAT', tax_type: 'vat', percentage },
]
const salesTax = (level: 'state' | 'county', authority: string, percentage: string): PlaceTax => {
  return { level, authority, display_name: 'Sales Tax', tax_type: 'sales_tax', percentage }
}

/** The places where the account is registered, by country, or by country and state. */
const REGISTRATIONS = new Map<string, PlaceTax[]>([
  ['AT', vat('Austria', '20.0')],
  ['DE', vat('Germany', '19.0')],
  ['FR', vat('France', '20.0')],
  // Of two authorities: 7.25 % together.
  ['US-CA', [salesTax('state', 'California', '6.0'), salesTax('county', 'Los Angeles', '1.25')]],
  [
    'CA-QC',
    [
      { level: 'country', authority: 'Canada', display_name: 'GST', tax_type: 'gst', percentage: '5.0' },
      { level: 'state', authority: 'Quebec', display_name: 'QST', tax_type: 'qst', percentage: '9.975' },
    ],
  ],
])

/** The taxes of an address; none where the account is not registered. */
export function taxesAt({ country, state }: Pick<Stripe.Address, 'country' | 'state'>): readonly PlaceTax[] {
  return REGISTRATIONS.get(`${country}-${state}`) ?? REGISTRATIONS.get(String(country)) ?? []
}

/** Percentages have at most three decimals here. */
const thousandths = (percentage: string) => BigInt(Math.round(Number(percentage) * 1_000))

/** 100 %, in thousandths of a percent. */
const WHOLE = 100_000n

/**
 * What each tax amounts to, rounded half up by itself.
 *
 * @param amount in the smallest currency unit, 0 or more; it includes the taxes if `inclusive`
 */
export function amountsOf(taxes: readonly PlaceTax[], amount: number, inclusive: boolean): number[] {
  const rates = taxes.map(({ percentage }) => thousandths(percentage))
  const divisor = inclusive ? rates.reduce((sum, rate) => sum + rate, WHOLE) : WHOLE
  return rates.map((rate) => Number((2n * BigInt(amount) * rate + divisor) / (2n * divisor)))
}
