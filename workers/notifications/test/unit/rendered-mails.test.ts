import { MAIL_TEMPLATES } from '@shop/contracts/notifications/states'
import type { OrderMail } from '@shop/contracts/orders/order-mail'
import { currency } from '@shop/kernel/currencies'
import { describe, expect, it } from 'vitest'
import { oneLine } from '../../src/content/domain/write-letter.ts'
import { renderDefault } from '../../src/content/render-default.ts'
import { orderMailData } from '../../src/mails/domain/letters.ts'
import { exampleData } from '../../src/templates/domain/example-data.ts'
import { anOrder, SETTINGS } from '../support/mails.ts'

const HOSTILE = '<script>alert(1)</script>"\'&\r\nBcc: everybody@example.com'

const confirmed = (over: Parameters<typeof anOrder>[0] = {}, reader: { name?: string; locale?: string } = {}) =>
  renderDefault(
    'order_confirmed',
    orderMailData(SETTINGS, anOrder(over), { name: undefined, locale: undefined, ...reader }, {}),
  )

describe.each(MAIL_TEMPLATES)('the mail %s', (template) => {
  it.each(['en', 'de'])('has a subject, HTML and text in %s', (locale) => {
    const mail = renderDefault(template, exampleData(SETTINGS, template, locale))
    expect(mail.subject).toMatch(/^\S.{3,}$/)
    expect(mail.html).toMatch(new RegExp(`^<!doctype html><html lang="${locale}">`))
    expect(mail.html.match(/<h1>/g)).toHaveLength(1)
    expect(mail.text.length).toBeGreaterThan(40)
    expect(mail.text).not.toMatch(/<\w|&\w+;|undefined|null/)
    expect(mail.html).not.toMatch(/undefined|>null</)
  })

  it('says something else in German than in English', () => {
    const [english, german] = ['en', 'de'].map((locale) =>
      renderDefault(template, exampleData(SETTINGS, template, locale)),
    )
    expect(german?.subject).not.toBe(english?.subject)
  })

  it('loads nothing and runs nothing', () => {
    const { html } = renderDefault(template, exampleData(SETTINGS, template, 'en'))
    expect(html).not.toMatch(/<(?:script|img|link|iframe|object)\b|url\(|@import|\son\w+=/i)
  })

  it('has colours for light and dark, and its style is not escaped', () => {
    const { html } = renderDefault(template, exampleData(SETTINGS, template, 'en'))
    expect(html).toContain('<meta name="color-scheme" content="light dark"')
    expect(html).toContain('@media (prefers-color-scheme: dark)')
    expect(/<style>([^<]*)<\/style>/.exec(html)?.[1]).not.toMatch(/&\w+;/)
  })
})

describe('a mail about an order', () => {
  it('shows its items and amounts as they are stored, in the language of the reader', () => {
    const order = { taxTotal: 399, pricesIncludeTax: true, currency: currency('EUR') }
    const german = confirmed(order, { locale: 'de-AT' })
    expect(german.text).toContain('2 × Mug (colour: blue): 25,00\u00a0€')
    expect(german.text).toContain('Enthaltene Steuer: 3,99\u00a0€')
    expect(confirmed(order, { locale: 'en' }).text).toContain('Total: €25.00')
  })

  it('keeps each amount on one line beside a long name, on a narrow screen too', () => {
    const { html } = confirmed({ taxTotal: 399, pricesIncludeTax: true, discountTotal: 250 })
    const amounts = [...html.matchAll(/<(?:span|dd)([^>]*)>-?(?:−)?\$[\d.,]+</g)].map(([, attributes]) => attributes)
    expect(amounts.length).toBeGreaterThan(3)
    expect(new Set(amounts)).toEqual(new Set([' class="amount"']))
    expect(html).toContain('.amount { white-space: nowrap; }')
  })

  it('leaves out what is nothing: a discount, shipping, tax', () => {
    expect(confirmed().text).not.toMatch(/Discount|Shipping|Tax|Delivery/)
  })

  it('shows a discount, and where the order goes', () => {
    const over = {
      discountTotal: 250,
      shipping: { name: 'Standard' },
      shippingTotal: 490,
      shippingAddress: ['Ada', '1 Main Street'],
    }
    const { text, html } = confirmed(over)
    expect(text).toContain('Discount: -$2.50')
    expect(text).toContain('Shipping: $4.90')
    expect(text).toContain('Delivery to:\nAda\n1 Main Street')
    expect(html).toContain('<div>1 Main Street</div>')
  })

  it.each([
    ['unpaid', false],
    ['paid', true],
  ] as const)('that was cancelled %s speaks of money: %s', (paymentStatus, speaks) => {
    const data = orderMailData(SETTINGS, anOrder({ paymentStatus }), { name: undefined, locale: undefined }, {})
    expect(renderDefault('order_cancelled', data).text.includes('is returned to you')).toBe(speaks)
  })

  it('has the digits of its currency', () => {
    expect(confirmed({ currency: currency('JPY') }).text).toContain('Total: ¥2,500')
  })

  it('is in the first language of the shop where the reader’s is not known', () => {
    expect(confirmed().html).toContain('<html lang="en">')
    expect(confirmed({}, { locale: 'fr' }).html).toContain('<html lang="en">')
  })

  it('links to the order without a secret', () => {
    const order = anOrder()
    const { html } = renderDefault(
      'order_shipped',
      orderMailData(SETTINGS, order, { name: undefined, locale: undefined }, {}),
    )
    expect(html).toContain(`href="https://shop.example.com/orders/${order.orderId}"`)
  })
})

describe('the mail of a shipment', () => {
  const item = { name: 'Mug', sku: null, options: { colour: 'blue' }, quantity: 2 }
  const shipment: OrderMail['shipments'][number] = {
    ...{ shipmentId: 'ship_1', items: [item, { ...item, name: 'Papers', options: {}, quantity: 1 }], carrier: 'DHL' },
    ...{ trackingNumber: '4711', trackingUrl: 'https://track.example.com/4711' },
  }
  const shipped = (over: Partial<typeof shipment> = {}, locale?: string) =>
    renderDefault(
      'order_shipped',
      orderMailData(
        SETTINGS,
        anOrder({ shipments: [{ ...shipment, ...over }] }),
        { name: undefined, locale },
        { shipmentId: 'ship_1' },
      ),
    )

  it('says what is in it, and links to its tracking', () => {
    const { text, html } = shipped()
    expect(text).toContain('We have shipped 2 × Mug (colour: blue), 1 × Papers of your order')
    expect(text).toContain('Tracking number: 4711 (DHL)')
    expect(html).toContain('href="https://track.example.com/4711"')
    expect(shipped({}, 'de').text).toContain('verschickt: 2 × Mug (colour: blue), 1 × Papers.')
  })

  it('has no line for a number that is not known, and links to the order without a tracking link', () => {
    const { text, html } = shipped({ carrier: null, trackingNumber: null, trackingUrl: null })
    expect(text).not.toContain('Tracking')
    expect(html).toContain('https://shop.example.com/orders/order_')
    expect(shipped({ carrier: null }).text).toMatch(/Tracking number: 4711\n/)
  })
})

describe('the mail of a return', () => {
  const returned: OrderMail['returns'][number] = {
    ...{ returnId: 'ret_1', refuseReason: null },
    items: [{ name: 'Mug', sku: null, options: { colour: 'blue' }, quantity: 2 }],
  }
  const text = (template: 'return_approved' | 'return_refused', refuseReason: string | null = null) =>
    renderDefault(
      template,
      orderMailData(
        SETTINGS,
        anOrder({ returns: [{ ...returned, refuseReason }] }),
        { name: undefined, locale: undefined },
        { returnId: 'ret_1' },
      ),
    ).text

  it('says what may come back', () => {
    expect(text('return_approved')).toContain('We take back 2 × Mug (colour: blue) of your order')
  })

  it('says why it may not, as staff wrote it', () => {
    expect(text('return_refused', 'It was worn.')).toContain('It was worn.')
  })
})

describe('a hostile name', () => {
  const hostile = () =>
    confirmed(
      {
        lines: [{ name: HOSTILE, sku: null, options: { [HOSTILE]: HOSTILE }, quantity: 1, total: 1 }],
        shippingAddress: [HOSTILE],
      },
      { name: HOSTILE },
    )

  it('is text in HTML, wherever it is shown', () => {
    const { html } = hostile()
    expect(html).not.toContain('<script>')
    expect(html.match(/&lt;script&gt;/g)?.length).toBe(5)
  })

  it('is one line in a subject, so that it begins no header', () => {
    const data = { ...exampleData(SETTINGS, 'low_stock', 'en'), about: 'stock' as const }
    const product = { name: HOSTILE, sku: null, available: 1, threshold: 2 }
    const { subject } = renderDefault('low_stock', { ...data, product })
    expect(subject).toBe('Low stock: <script>alert(1)</script>"\'& Bcc: everybody@example.com')
  })

  it.each(['a\r\nb', 'a\nb', 'a\u2028b', 'a\u0000b', ' a\tb '])('is joined over %j', (text) => {
    expect(oneLine(text)).toBe('a b')
  })

  it('is cut where a subject would be longer than a screen', () => {
    expect(oneLine('x'.repeat(1_000))).toHaveLength(200)
  })
})
