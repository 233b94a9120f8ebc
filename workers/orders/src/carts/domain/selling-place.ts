import type { Destination } from '@shop/addresses/destination'
import type { CurrencyCode } from '@shop/kernel/currencies'
import type { TaxRounding } from '../../pricing/domain/pricing.ts'

/** What the settings of the shop say about its prices. */
export type SellingPlace = { origin: Destination; rounding: TaxRounding; defaultCurrency: CurrencyCode }
