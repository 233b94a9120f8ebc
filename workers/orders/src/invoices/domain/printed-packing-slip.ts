import type { ShopSettings } from '@shop/settings/shop-settings'
import type { Shipment } from '../../fulfillment/domain/shipment.ts'
import { addressLines } from '../../orders/domain/address-lines.ts'
import type { Order } from '../../orders/domain/order.ts'
import { languageOf } from '../../printing/domain/labels.ts'
import type { Printed } from '../../printing/domain/printed.ts'
import { dateIn, describe, senderOf } from './printed-parts.ts'

/**
 * A packing slip, without prices: the units of a shipment, or all units of the order that were not refunded before they shipped. Lines
 * without such units are left out.
 */
export function printedPackingSlip(order: Order, shipment: Shipment | undefined, shop: ShopSettings): Printed {
  const { locale, labels } = languageOf(shop.locales)
  const date = dateIn(locale, shop.timeZone)
  const at = shipment?.createdAt ?? order.createdAt
  const facts = [
    [labels.date, date(at)],
    [labels.shipment, shipment?.id],
    [labels.carrier, shipment?.carrier],
    [labels.tracking, shipment?.trackingNumber],
  ] as const
  return {
    title: `${labels.packingSlip} ${order.number}`,
    language: locale,
    sender: senderOf({ ...shop, vatId: null }, labels),
    blocks: [{ label: labels.shipTo, lines: addressLines(order.shippingAddress) }],
    facts: facts.flatMap(([label, value]) => (value === undefined || value === null ? [] : [{ label, value }])),
    columns: [
      { label: labels.description, align: 'left', width: 0.8 },
      { label: labels.quantity, align: 'right', width: 0.2 },
    ],
    rows: order.lines.flatMap((line) => {
      const packed = shipment?.items.find(({ lineId }) => lineId === line.id)?.quantity ?? 0
      const quantity = shipment === undefined ? line.quantity - line.units.removed : packed
      return quantity === 0 ? [] : [[describe(line), String(quantity)]]
    }),
    sums: [],
    notes: [],
    pageLabel: (page, pages) => labels.page.replace('{page}', String(page)).replace('{pages}', String(pages)),
    at,
  }
}
