import type { ShopSettings } from '@shop/settings/shop-settings'
import type { DocumentLabels } from '../../printing/domain/labels.ts'

/** The shop, as its documents name it. */
export function senderOf({ legalName, address, vatId }: ShopSettings, labels: DocumentLabels): string[] {
  const { line1, line2, postalCode, city, region, country } = address
  const place = [postalCode, city, region].filter((part) => part !== null).join(' ')
  const lines = [legalName, line1, line2, place, country, vatId && `${labels.vatId} ${vatId}`]
  return lines.filter((line) => line !== null)
}

type Described = { name: string; sku: string | null; options: Record<string, string> }

/** The name of a line, and below it its options and SKU. */
export function describe({ name, sku, options }: Described): string {
  const details = [...Object.entries(options).map(([option, value]) => `${option}: ${value}`), sku]
  const below = details.filter((detail) => detail !== null).join(', ')
  return below === '' ? name : `${name}\n${below}`
}

/** How the language of the document writes a day of the shop. */
export function dateIn(locale: string, timeZone: string): (instant: Date) => string {
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone })
  return (instant) => format.format(instant)
}
