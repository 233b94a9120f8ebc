import type { OrderBody } from '@shop/testing/order-body'
import { extractText } from 'unpdf'
import { describe, expect, it } from 'vitest'
import { useFreshCustomer, useSharedPlatform } from './support/use-platform.ts'

const stage = useSharedPlatform()
useFreshCustomer(stage)

type InvoiceBody = {
  number: string
  kind: string
  reason: string
  corrects: string | null
  total_amount: number
  pdf: string
}

const ADDRESS = {
  ...{ name: 'Zoë Łukasiewicz-Đorđević', line1: 'Größe-Straße 12', line2: 'Ἀθῆναι – Київ', city: 'Kraków' },
  ...{ postal_code: '30-001', country: 'PL' },
}

/** A paid order in euros with names that have accents. */
async function paidOrder(over: object = {}): Promise<{ order: OrderBody; payment: { id: string } }> {
  const { shop, admin, customer } = stage
  const product = await shop.addProduct(admin, { name: 'Café crème, “très” fort', price: 12.5, currency: 'EUR' })
  const body = { items: [{ product_id: product.id, quantity: 3 }], currency: 'EUR', shipping_address: ADDRESS, ...over }
  const placed = await shop.request('POST', '/api/orders', { token: customer.token, body })
  const { payment } = (await shop.pay(customer, placed.body.order, 'pm_card_visa')).body
  return { payment, order: await shop.orderBecomes(customer, placed.body.order.id, 'processing', 'paid') }
}

async function invoicesOf({ id }: Pick<OrderBody, 'id'>): Promise<InvoiceBody[]> {
  const listed = await stage.shop.request('GET', `/api/orders/${id}/invoices`, { token: stage.customer.token })
  return listed.body.invoices as InvoiceBody[]
}

/** @param token that of the customer by default; null for none */
async function pdf(path: string, token: string | null = stage.customer.token, more: Record<string, string> = {}) {
  const headers: Record<string, string> = token === null ? more : { authorization: `Bearer ${token}`, ...more }
  const response = await fetch(`${stage.platform.url}${path}`, { headers })
  return { status: response.status, headers: response.headers, bytes: new Uint8Array(await response.arrayBuffer()) }
}
const textOf = async (bytes: Uint8Array) => (await extractText(bytes.slice(), { mergePages: true })).text

describe('the invoice of a paid order', () => {
  it('is printed with its number, its total, accents and signs of currencies, and the same each time', async () => {
    const { order } = await paidOrder()
    const [invoice] = await invoicesOf(order)
    expect(invoice).toMatchObject({
      kind: 'invoice',
      reason: 'paid',
      corrects: null,
      total_amount: 37.5,
      tax_amount: 0,
    })
    const path = `/api/orders/${order.id}/invoice.pdf`
    const [first, again, byNumber] = [await pdf(path), await pdf(path), await pdf(invoice?.pdf ?? '')]
    expect(first.status).toBe(200)
    expect(first.headers.get('content-type')).toBe('application/pdf')
    expect(first.headers.get('content-disposition')).toBe(`inline; filename="${invoice?.number}.pdf"`)
    expect(first.headers.get('cache-control')).toContain('no-store')
    expect(again.bytes).toEqual(first.bytes)
    expect(byNumber.bytes).toEqual(first.bytes)
    const text = await textOf(first.bytes)
    const { name, line1, line2 } = ADDRESS
    for (const part of [
      invoice?.number,
      String(order.number),
      '€37.50',
      'Café crème, “très” fort',
      name,
      line1,
      line2,
    ]) {
      expect(text).toContain(part?.normalize('NFC'))
    }
  })

  it('is not there until the order is paid', async () => {
    const { shop, admin, customer } = stage
    const product = await shop.addProduct(admin)
    const { order } = (await shop.placeOrder(customer, [[product, 1]])).body
    expect(await invoicesOf(order)).toEqual([])
    expect((await pdf(`/api/orders/${order.id}/invoice.pdf`)).status).toBe(404)
  })

  it('is shown to its owner and to staff, and to others as if it did not exist', async () => {
    const { order } = await paidOrder()
    const other = await stage.shop.signUp()
    const path = `/api/orders/${order.id}/invoice.pdf`
    expect((await pdf(path, stage.admin.token)).status).toBe(200)
    expect((await pdf(path, other.token)).status).toBe(404)
    expect((await pdf(path, null)).status).toBe(401)
    const { order: theirs } = await paidOrder()
    const [invoice] = await invoicesOf(theirs)
    expect((await pdf(`${path}?number=${invoice?.number}`)).status).toBe(404)
  })

  it('of a guest is opened by the token of the order alone', async () => {
    const { shop, admin } = stage
    const product = await shop.addProduct(admin)
    const body = { items: [{ product_id: product.id, quantity: 1 }], email: `${crypto.randomUUID()}@example.com` }
    const { order, order_token: token } = (await shop.request('POST', '/api/orders', { body })).body
    const asGuest = { 'x-order-token': token }
    const payment = { order_id: order.id, payment_method: 'pm_card_visa' }
    await shop.request('POST', '/api/payments', { body: payment, headers: asGuest })
    await shop.orderBecomes(admin, order.id, 'processing', 'paid')
    const path = `/api/orders/${order.id}/invoice.pdf`
    expect((await pdf(path, null, asGuest)).status).toBe(200)
    expect((await pdf(path, null, { 'x-order-token': 'v1.any' })).status).toBe(404)
  })
})

describe('the refund of an order', () => {
  it('has a credit note, which names the invoice that it corrects', async () => {
    const { order, payment } = await paidOrder()
    await stage.shop.request('POST', `/api/payments/${payment.id}/refund`, {
      token: stage.admin.token,
      body: { items: [{ line_id: order.items[0]?.id, quantity: 1 }], reason: 'Broken' },
      headers: { 'idempotency-key': crypto.randomUUID() },
    })
    await stage.shop.orderBecomes(stage.customer, order.id, 'processing', 'partially_refunded')
    const [invoice, creditNote] = await invoicesOf(order)
    expect(creditNote).toMatchObject({
      ...{ kind: 'credit_note', reason: 'refund', total_amount: 12.5, corrects: invoice?.number },
      number: expect.stringMatching(/^CN-\d+$/),
    })
    const text = await textOf((await pdf(creditNote?.pdf ?? '')).bytes)
    for (const part of [creditNote?.number, invoice?.number, '€12.50', 'Café crème']) expect(text).toContain(part)
  })
})

describe('a packing slip', () => {
  it('has what goes into the parcel, without prices, for staff', async () => {
    const { order } = await paidOrder()
    const made = await stage.shop.request('POST', `/api/orders/${order.id}/shipments`, {
      token: stage.admin.token,
      body: { items: [{ line_id: order.items[0]?.id, quantity: 2 }], carrier: 'DHL', status: 'packed' },
      headers: { 'idempotency-key': crypto.randomUUID() },
    })
    const path = `/api/orders/${order.id}/packing-slip.pdf`
    const all = await textOf((await pdf(path, stage.admin.token)).bytes)
    expect(all).toMatch(/fort[^€]* 3\b/)
    const shipment = await textOf((await pdf(`${path}?shipment_id=${made.body.shipment.id}`, stage.admin.token)).bytes)
    expect(shipment).toMatch(/DHL[^€]*fort[^€]* 2\b/)
    expect(`${all}${shipment}`).not.toContain('€')
    expect((await pdf(`${path}?shipment_id=ship_unknown`, stage.admin.token)).status).toBe(404)
    expect((await pdf(path)).status).toBe(403)
  })
})
