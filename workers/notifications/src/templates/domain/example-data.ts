import type { MailTemplate } from '@shop/contracts/notifications/states'
import type { OrderMail } from '@shop/contracts/orders/order-mail'
import type { CurrencyCode } from '@shop/kernel/currencies'
import { accountLink } from '../../content/domain/links.ts'
import { type MailData, SUBJECT_OF } from '../../content/domain/mail-data.ts'
import { commonData, giftCardMailData, type LetterSettings, orderMailData } from '../../mails/domain/letters.ts'

const SOMEBODY = { name: 'Ada Lovelace' }

const EXAMPLE_SHIPMENT = 'ship_01jd4k2v9rf0fv8z3x1m5q7w2e'
const EXAMPLE_RETURN = 'ret_01jd4k2v9rf0fv8z3x1m5q7w2e'

const exampleOrder = (currency: CurrencyCode): OrderMail => ({
  ...{ orderId: 'order_01jd3x8k2re9tb6vz4m5n7p8qs', number: 1_001, userId: null, email: null },
  ...{ status: 'processing', paymentStatus: 'paid', placedAt: new Date('2026-11-23T10:00:00Z'), currency },
  lines: [{ name: 'Mug', sku: 'MUG-1', options: { colour: 'blue' }, quantity: 2, total: 2_500 }],
  shipments: [
    {
      shipmentId: EXAMPLE_SHIPMENT,
      items: [{ name: 'Mug', sku: 'MUG-1', options: { colour: 'blue' }, quantity: 2 }],
      ...{
        carrier: 'DHL',
        trackingNumber: '00340434161094042557',
        trackingUrl: 'https://track.example.com/00340434161094042557',
      },
    },
  ],
  returns: [
    {
      ...{ returnId: EXAMPLE_RETURN, refuseReason: 'It was used' },
      items: [{ name: 'Mug', sku: 'MUG-1', options: { colour: 'blue' }, quantity: 1 }],
    },
  ],
  ...{ subtotal: 2_500, discountTotal: 250, shipping: { name: 'Standard' }, shippingTotal: 490, taxTotal: 220 },
  ...{ pricesIncludeTax: false, total: 2_960, refundedAmount: 0, recipientName: SOMEBODY.name },
  shippingAddress: [SOMEBODY.name, '1 Main Street', '62701 Springfield IL', 'US'],
})

/** What a template is tried with where there is no real order: made up, and never sent. */
export function exampleData(settings: LetterSettings, template: MailTemplate, locale: string): MailData {
  const reader = { ...SOMEBODY, locale }
  const about = SUBJECT_OF[template]
  if (about === 'order') {
    const ids = { shipmentId: EXAMPLE_SHIPMENT, returnId: EXAMPLE_RETURN }
    const facts = { refunded: 500, cancelReason: 'cancelled_by_staff', ...ids } as const
    return orderMailData(settings, exampleOrder(settings.shop.defaultCurrency), reader, facts)
  }
  if (about === 'account') {
    return { ...commonData(settings, reader, accountLink(settings.links, template, 'example')), about }
  }
  if (about === 'gift_card') {
    const card = {
      code: '7KQ2-M9XR-4DTV-H0PZ-81CW',
      amount: 5_000,
      currency: settings.shop.defaultCurrency,
      expiresAt: null,
    }
    return giftCardMailData(settings, card, reader)
  }
  if (about === 'webhook') {
    const endpoint = { id: 'whep_01jd3x8k2re9tb6vz4m5n7p8qs', host: 'hooks.example.com', description: 'Warehouse' }
    return { ...commonData(settings, reader, null), about, endpoint }
  }
  return {
    ...commonData(settings, reader, null),
    about,
    product: { name: 'Mug', sku: 'MUG-1', available: 2, threshold: 5 },
  }
}
