import { describe, expect, it } from 'vitest'
import { OWNER, shopWith } from '../support/shop-with.ts'

const items = [{ product_id: 1, quantity: 1 }]
const BERLIN = { line1: 'Unter den Linden 1', city: 'Berlin', postal_code: '10117', country: 'DE' }

const placeWith = (shipping_address: unknown) =>
  shopWith().send('POST', '/api/orders', { caller: OWNER, body: { items, shipping_address } })

describe('the shipping address of a new order', () => {
  it('is structured with a line and a country, and kept as its country writes it', async () => {
    const address = {
      ...{ name: ' Ada Lovelace ', company: '', line1: '1 Main St', line2: ' ', city: 'Springfield' },
      ...{ region: 'illinois', postal_code: ' 62701', country: 'us', phone: '(217) 555-0142' },
    }
    const placed = await placeWith(address)
    expect(placed.status).toBe(201)
    expect(placed.body).toMatchObject({
      order: {
        shipping_address: {
          ...{ name: 'Ada Lovelace', line1: '1 Main St', city: 'Springfield' },
          ...{ region: 'IL', postal_code: '62701', country: 'US', phone: '+12175550142' },
        },
      },
    })
    expect(Object.keys((placed.body.order as { shipping_address: object }).shipping_address)).not.toContain('line2')
  })

  it.each([
    ['free text', 'Unter den Linden 1, Berlin'],
    ['other parts', { street: 'Unter den Linden', no: '1', postal_code: 'any' }],
    ['a line without a country', { line1: 'Unter den Linden 1', city: 'Berlin', region: '' }],
    ['a country without a line', { country: 'Deutschland' }],
  ])('may be %s, which is kept as it was sent', async (_, address) => {
    const placed = await placeWith(address)
    expect(placed).toMatchObject({ status: 201, body: { order: { shipping_address: address } } })
  })

  it.each([
    ['no parts', {}],
    ['empty parts', { line1: '', city: '' }],
    ['null', null],
  ])('that has %s is no address', async (_, address) => {
    const placed = await placeWith(address)
    expect(placed).toMatchObject({ status: 201, body: { order: { shipping_address: null } } })
  })

  it.each([
    ['a line and a country that are empty', { line1: '', country: '' }],
    ['an empty list', []],
    ['empty text', ''],
  ])('is refused for %s', async (_, address) => {
    expect(await placeWith(address)).toMatchObject({ status: 422, body: { code: 'validation_failed' } })
  })

  it.each([
    ['a postal code of another form', { postal_code: '1011' }, ['postal_code', 'is not a postal code of DE']],
    ['no postal code', { postal_code: undefined }, ['postal_code', 'is required in DE']],
    ['no region where there is one', { country: 'AU', postal_code: '2000' }, ['region', 'is required in AU']],
    [
      'a region of another country',
      { country: 'US', postal_code: '10001', region: 'Bavaria' },
      ['region', 'is not a region of US'],
    ],
    ['a phone that is none', { phone: '12' }, ['phone', 'is not a phone number, or has an extension']],
    ['an unknown part', { district: 'Mitte' }, ['district', 'is not a known field']],
    ['no city', { city: undefined }, ['city', 'Invalid input: expected string, received undefined']],
    [
      'a country that is none',
      { country: 'XX' },
      ['country', 'must be an ISO 3166-1 alpha-2 country code, such as DE'],
    ],
  ])('is refused for %s, naming the part', async (_, over, [part, message]) => {
    const refused = await placeWith({ ...BERLIN, ...over })
    expect(refused).toMatchObject({ status: 422, body: { code: 'validation_failed' } })
    expect(refused.body.errors).toEqual([{ field: `shipping_address.${part}`, message }])
  })

  it('is refused for all wrong parts at once', async () => {
    const refused = await placeWith({ ...BERLIN, postal_code: 'x', phone: 'x' })
    expect(refused.body.errors).toMatchObject([
      { field: 'shipping_address.postal_code' },
      { field: 'shipping_address.phone' },
    ])
  })

  it.each([
    ['a part that is no text', { ...BERLIN, line2: 2 }],
    ['a list', [BERLIN]],
    ['NUL', { ...BERLIN, city: 'Ber\u0000lin' }],
    ['an unpaired surrogate', { ...BERLIN, name: '\ud800' }],
    ['a line of megabytes', { ...BERLIN, line1: 'x'.repeat(100_000) }],
    ['a phone that takes long to read', { ...BERLIN, phone: '+'.repeat(5_000) }],
  ])('is refused for %s', async (_, address) => {
    expect(await placeWith(address)).toMatchObject({ status: 422 })
  })

  it('is refused for a prototype', async () => {
    const address = JSON.parse(`{"line1":"x","city":"x","country":"FR","postal_code":"75001","__proto__":{"x":1}}`)
    expect(await placeWith(address)).toMatchObject({ status: 400, body: { code: 'malformed_json' } })
  })

  it('is the same request again with the same key, however its parts are written', async () => {
    const { send } = shopWith()
    const headers = { 'idempotency-key': 'key-1' }
    const place = (shipping_address: object) =>
      send('POST', '/api/orders', { caller: OWNER, body: { items, shipping_address }, headers })
    expect((await place(BERLIN)).status).toBe(201)
    const again = await place({ country: 'de', postal_code: ' 10117 ', city: 'Berlin', line1: 'Unter den Linden 1' })
    expect(again.headers.get('idempotency-replayed')).toBe('true')
  })
})
