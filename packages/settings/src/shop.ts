// Written from shop.jsonc by `npm run shop`. Do not edit it.
import type { ShopSettings } from './shop-settings.ts'

/** The settings of this shop. They were checked when this file was written, which a type cannot show. */
export const SHOP = {
  "legalName": "Example Shop Ltd",
  "address": {
    "line1": "1 Main Street",
    "line2": null,
    "city": "Springfield",
    "region": "IL",
    "country": "US",
    "postalCode": "62701"
  },
  "vatId": null,
  "defaultCurrency": "USD",
  "currencies": [
    "USD",
    "EUR"
  ],
  "locales": [
    "en",
    "de"
  ],
  "timeZone": "America/Chicago",
  "country": "US",
  "invoicePrefix": "INV-",
  "creditNotePrefix": "CN-"
} as unknown as ShopSettings
