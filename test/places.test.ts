import { describe, expect, it } from 'vitest'
import { useSharedPlatform } from './support/use-platform.ts'

const stage = useSharedPlatform()

const asStaff = (method: string, path: string, body?: object, headers: Record<string, string> = {}) =>
  stage.shop.request(method, path, { token: stage.admin.token, headers, ...(body && { body }) })

describe('what staff set up for shipping and tax', () => {
  it('is created once for each key, changed in its version, listed, and deleted with what belongs to it', async () => {
    const key = { 'idempotency-key': crypto.randomUUID() }
    const areas = [{ country: 'us', regions: ['California'], postal_codes: [{ from: '90001', to: '90299' }] }]
    const create = () => asStaff('POST', '/api/shipping/zones', { name: 'Los Angeles', areas }, key)
    const [first, second] = [await create(), await create()]
    expect([first.status, second.status]).toEqual([201, 201])
    expect(second.body.zone).toEqual(first.body.zone)
    expect(first.body.zone).toMatchObject({ areas: [{ country: 'US', regions: ['CA'] }], version: 1 })

    const { id } = first.body.zone
    const price = { pricing: 'flat', prices: [{ currency: 'USD', amount: 4.9 }] }
    const added = await asStaff('POST', '/api/shipping/options', { zone_id: id, name: 'Standard', ...price })
    const listed = await asStaff('GET', `/api/shipping/options?zone_id=${id}`)
    expect(listed.body).toMatchObject({ options: [added.body.option], next_cursor: null })

    const tag = first.headers.get('etag') ?? ''
    expect((await asStaff('PATCH', `/api/shipping/zones/${id}`, { areas: null }, { 'if-match': tag })).status).toBe(200)
    expect((await asStaff('DELETE', `/api/shipping/zones/${id}`, undefined, { 'if-match': tag })).status).toBe(412)
    expect((await asStaff('DELETE', `/api/shipping/zones/${id}`)).status).toBe(200)
    expect((await asStaff('GET', `/api/shipping/options/${added.body.option.id}`)).status).toBe(404)
  })

  it('has rates of tax as the text that they were sent in', async () => {
    const created = await asStaff('POST', '/api/tax/rates', {
      name: 'QST',
      country: 'CA',
      regions: ['QC'],
      rate: '0.09975',
    })
    const { id } = created.body.rate
    expect((await asStaff('GET', `/api/tax/rates/${id}`)).body.rate).toMatchObject({ rate: '0.09975', priority: 1 })
    expect((await asStaff('DELETE', `/api/tax/rates/${id}`)).status).toBe(200)
  })
})

describe('an order with a structured address', () => {
  it('keeps it as its country writes it, and is refused for a wrong part of it', async () => {
    const { shop, admin, customer } = stage
    const product = await shop.addProduct(admin)
    const items = [{ product_id: product.id, quantity: 1 }]
    const place = (shipping_address: object) =>
      shop.request('POST', '/api/orders', { token: customer.token, body: { items, shipping_address } })
    const address = { line1: '1 Main St', city: 'Springfield', region: 'Illinois', postal_code: '62701', country: 'us' }
    const { body } = await place(address)
    const read = await shop.request('GET', `/api/orders/${body.order.id}`, { token: customer.token })
    expect(read.body.order.shipping_address).toEqual({ ...address, region: 'IL', country: 'US' })
    expect(await place({ ...address, postal_code: 'SW1A 1AA' })).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'shipping_address.postal_code', message: 'is not a postal code of US' }] },
    })
  })
})
