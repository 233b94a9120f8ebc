import type { Destination } from '@shop/addresses/destination'
import type { CurrencyCode } from '@shop/kernel/currencies'
import { MAX_MINOR } from '@shop/kernel/money'
import { closenessOf } from '../../places/domain/area.ts'
import type { BandPrice, OptionId, ShippingOption } from './option.ts'
import type { Zone } from './zone.ts'

/** What decides about the shipping of an item. */
export type ShippedLine = {
  quantity: number
  /** False for what is digital. */
  isPhysical: boolean
  /** Of one unit; null where it is not known, which counts as nothing. */
  weightGrams: number | null
  shippingClass: string | null
}

export type ZoneWithOptions = Zone & { options: readonly ShippingOption[] }

/** An option as it is offered. `price` in minor units of the currency that was asked for. */
export type OfferedOption = {
  id: OptionId
  name: string
  price: number
  estimate: string | null
  isPickup: boolean
}

type Parcel = {
  destination: Destination
  lines: readonly ShippedLine[]
  /** Of the items, in minor units: prices may depend on it. */
  subtotal: number
  currency: CurrencyCode
}

/** Whether anything of an order has to be shipped. */
export const needsShipping = (lines: readonly ShippedLine[]): boolean => lines.some(({ isPhysical }) => isPhysical)

/**
 * The options of shipping to a destination with their prices, the cheapest first. None where nothing is shipped, and none
 * where no zone has the destination: then the shop does not deliver there.
 */
export function optionsFor(zones: readonly ZoneWithOptions[], parcel: Parcel): OfferedOption[] {
  const shipped = parcel.lines.filter(({ isPhysical }) => isPhysical)
  if (shipped.length === 0) return []
  return (zoneOf(zones, parcel.destination)?.options ?? [])
    .flatMap((option) => {
      const price = priceOf(option, { ...parcel, lines: shipped })
      const { id, name, estimate, isPickup } = option
      return price === undefined ? [] : [{ id, name, price, estimate, isPickup }]
    })
    .sort((one, other) => one.price - other.price || (one.id < other.id ? -1 : 1))
}

/**
 * The zone of a destination: the one that describes it most closely, by postal code, then by region, then by country,
 * then as the rest of the world. Of two that describe it alike, the one that was made first.
 */
export function zoneOf<Z extends Zone>(zones: readonly Z[], destination: Destination): Z | undefined {
  let best: { zone: Z; closeness: number } | undefined
  for (const zone of zones.toSorted((one, other) => (one.id < other.id ? -1 : 1))) {
    const closeness = closenessIn(zone, destination)
    if (closeness !== undefined && (best === undefined || closeness > best.closeness)) best = { zone, closeness }
  }
  return best?.zone
}

function closenessIn({ areas }: Zone, destination: Destination): number | undefined {
  if (areas.length === 0) return 0
  const found = areas.map((area) => closenessOf(area, destination)).filter((one) => one !== undefined)
  return found.length === 0 ? undefined : Math.max(...found)
}

/** In minor units; undefined where the option is not offered for this parcel. */
function priceOf(option: ShippingOption, { lines, subtotal, currency }: Parcel): number | undefined {
  const { excludedShippingClasses: excluded, maxWeightGrams, freeFrom } = option
  if (lines.some(({ shippingClass }) => shippingClass !== null && excluded.includes(shippingClass))) return undefined
  const weight = lines.reduce((sum, { quantity, weightGrams }) => sum + quantity * (weightGrams ?? 0), 0)
  if (maxWeightGrams !== null && weight > maxWeightGrams) return undefined
  const measured = { flat: 0, per_item: 0, by_weight: weight, by_subtotal: subtotal }[option.pricing]
  const band = bandOf(option.prices, currency, measured)
  if (band === undefined) return undefined
  if (freeFrom.some((free) => free.currency === currency && subtotal >= free.amount)) return 0
  const units = option.pricing === 'per_item' ? lines.reduce((sum, { quantity }) => sum + quantity, 0) : 1
  // Above the bound the product may be rounded, and nobody could pay it.
  const price = band.amount * units
  return price > MAX_MINOR ? undefined : price
}

function bandOf(prices: readonly BandPrice[], currency: CurrencyCode, measured: number): BandPrice | undefined {
  let found: BandPrice | undefined
  for (const band of prices) {
    const applies = band.currency === currency && band.from <= measured
    if (applies && (found === undefined || band.from > found.from)) found = band
  }
  return found
}
