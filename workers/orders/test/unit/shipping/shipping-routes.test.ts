import { ID_PREFIXES } from '@shop/kernel/ids'
import { describe, expect, it } from 'vitest'
import type { OrdersDeps } from '../../../src/deps.ts'
import { ADMIN, OWNER, shopWith } from '../../support/shop-with.ts'
import { NOW } from '../../support/test-deps.ts'

const AT = NOW.toISOString()
const ZONE = { name: 'California', areas: [{ country: 'US', regions: ['CA'], postal_codes: [{ prefix: '902' }] }] }
const OPTION = {
  ...{ name: 'Standard', estimate: '2 to 4 days', pricing: 'by_weight', max_weight_grams: 30_000 },
  prices: [
    { currency: 'USD', amount: 4.9, from_weight_grams: 0 },
    { currency: 'USD', amount: 9.9, from_weight_grams: 2_000 },
  ],
  ...{ free_from: [{ currency: 'USD', amount: 50 }], excluded_shipping_classes: ['bulky'] },
}

type Shop = ReturnType<typeof shopWith>
type Created = { zone: { id: string }; option: { id: string } }

const as = (shop: Shop, method: string, path: string, body?: unknown, headers = {}) =>
  shop.send(method, path, { caller: ADMIN, headers, ...(body === undefined ? {} : { body }) })

async function withZone(zone: object = ZONE) {
  const shop = shopWith()
  const created = await as(shop, 'POST', '/api/shipping/zones', zone)
  const zoneId = (created.body as Created).zone.id
  const addOption = (over: object = {}) =>
    as(shop, 'POST', '/api/shipping/options', { ...OPTION, zone_id: zoneId, ...over })
  return { shop, zoneId, addOption }
}

describe('the routes of shipping zones', () => {
  it('create, show, list, change and delete a zone', async () => {
    const shop = shopWith()
    const created = await as(shop, 'POST', '/api/shipping/zones', { ...ZONE, name: ' California ' })
    const zone = { id: expect.stringMatching(/^zone_/), ...ZONE, version: 1, created_at: AT, updated_at: AT }
    expect(created).toMatchObject({ status: 201, body: { zone, message: 'Shipping zone created' } })
    const path = `/api/shipping/zones/${(created.body as Created).zone.id}`
    expect(await as(shop, 'GET', path)).toMatchObject({ status: 200, body: { zone } })
    expect((await as(shop, 'GET', '/api/shipping/zones/')).body).toEqual({ zones: [zone], next_cursor: null })
    expect(await as(shop, 'PATCH', path, { areas: null })).toMatchObject({
      status: 200,
      body: { zone: { ...zone, areas: [], version: 2 } },
    })
    expect((await as(shop, 'DELETE', path)).status).toBe(200)
    for (const [method, body] of [['GET'], ['PATCH', { name: 'x' }], ['DELETE']] as const) {
      expect(await as(shop, method, path, body)).toMatchObject({
        status: 404,
        body: { code: 'shipping_zone_not_found' },
      })
    }
  })

  it('take the names of regions, and countries in small letters', async () => {
    const { shop, zoneId } = await withZone({
      name: 'West',
      areas: [{ country: 'us', regions: ['California', 'us-nv'] }],
    })
    const { body } = await as(shop, 'GET', `/api/shipping/zones/${zoneId}`)
    expect(body).toMatchObject({ zone: { areas: [{ country: 'US', regions: ['CA', 'NV'], postal_codes: [] }] } })
  })

  it('refuse an area that its country does not have, naming it', async () => {
    const areas = [{ country: 'US' }, { country: 'DE', regions: ['BY', 'Texas'] }]
    const expected = { status: 422, body: { code: 'invalid_shipping_zone', errors: [{ field: 'areas.1.regions.1' }] } }
    expect(await as(shopWith(), 'POST', '/api/shipping/zones', { name: 'x', areas })).toMatchObject(expected)
    const { shop, zoneId } = await withZone()
    expect(await as(shop, 'PATCH', `/api/shipping/zones/${zoneId}`, { areas })).toMatchObject(expected)
  })

  it.each([
    [{ ...ZONE, name: ' ' }, 'name'],
    [{ areas: [] }, 'name'],
    [{ ...ZONE, countries: ['US'] }, 'countries'],
    [{ name: 'x', areas: [{ country: 'XX' }] }, 'areas.0.country'],
    [{ name: 'x', areas: [{ country: 'US', postal_codes: [{ prefix: '-' }] }] }, 'areas.0.postal_codes.0.prefix'],
    [{ name: 'x', areas: [{ country: 'US', postal_codes: [{ from: '1', to: 'x' }] }] }, 'areas.0.postal_codes.0.to'],
    [{ name: 'x', areas: null }, 'areas'],
  ])('name the wrong field of %j', async (body, field) => {
    expect(await as(shopWith(), 'POST', '/api/shipping/zones', body)).toMatchObject({
      status: 422,
      body: { code: 'validation_failed', errors: [{ field }] },
    })
  })

  it('list page by page, in the order in which zones were made', async () => {
    let made = 0
    const inOrder: OrdersDeps['newId'] = (kind) => {
      made += 1
      return `${ID_PREFIXES[kind]}_01jd4k2v9rf0fv8z3x1m5q7w${String(made).padStart(2, '0')}`
    }
    const shop = shopWith({ over: { newId: inOrder } })
    for (const name of ['a', 'b', 'c']) await as(shop, 'POST', '/api/shipping/zones', { name })
    const first = (await as(shop, 'GET', '/api/shipping/zones?limit=2')).body
    expect(first).toMatchObject({ zones: [{ name: 'a' }, { name: 'b' }] })
    const rest = await as(shop, 'GET', `/api/shipping/zones?limit=2&cursor=${first.next_cursor}`)
    expect(rest.body).toMatchObject({ zones: [{ name: 'c' }], next_cursor: null })
    const wrong = await as(shop, 'GET', `/api/shipping/options?cursor=${first.next_cursor}`)
    expect(wrong).toMatchObject({ status: 422, body: { code: 'invalid_cursor' } })
  })
})

describe('the routes of shipping options', () => {
  it('create, show, list, change and delete an option', async () => {
    const { shop, zoneId, addOption } = await withZone()
    const created = await addOption()
    const times = { version: 1, created_at: AT, updated_at: AT }
    const option = { id: expect.stringMatching(/^shopt_/), zone_id: zoneId, ...OPTION, pickup: false, ...times }
    expect(created).toMatchObject({ status: 201, body: { option, message: 'Shipping option created' } })
    const path = `/api/shipping/options/${(created.body as Created).option.id}`
    expect((await as(shop, 'GET', path)).body).toEqual({ option })
    expect((await as(shop, 'GET', `/api/shipping/options?zone_id=${zoneId}`)).body).toEqual({
      ...{ options: [option], next_cursor: null },
    })
    expect((await as(shop, 'GET', '/api/shipping/options?zone_id=zone_other')).body).toMatchObject({ options: [] })
    const patch = { pricing: 'flat', prices: [{ currency: 'usd', amount: 0 }], estimate: null, max_weight_grams: null }
    expect(await as(shop, 'PATCH', path, { ...patch, free_from: null })).toMatchObject({
      status: 200,
      body: { option: { ...patch, prices: [{ currency: 'USD', amount: 0 }], free_from: [], version: 2 } },
    })
    expect((await as(shop, 'DELETE', path)).status).toBe(200)
    expect(await as(shop, 'GET', path)).toMatchObject({ status: 404, body: { code: 'shipping_option_not_found' } })
  })

  it('go with their zone', async () => {
    const { shop, zoneId, addOption } = await withZone()
    const { id } = ((await addOption()).body as Created).option
    await as(shop, 'DELETE', `/api/shipping/zones/${zoneId}`)
    expect((await as(shop, 'GET', `/api/shipping/options/${id}`)).status).toBe(404)
    expect(await addOption()).toMatchObject({ status: 404, body: { code: 'shipping_zone_not_found', zone_id: zoneId } })
    expect(await addOption({ zone_id: '\u0000' })).toMatchObject({ status: 404 })
  })

  it('refuse prices that do not fit, naming them', async () => {
    const { shop, addOption } = await withZone()
    const expected = (field: string) => ({
      status: 422,
      body: { code: 'invalid_shipping_option', errors: [{ field }] },
    })
    expect(await addOption({ prices: [{ currency: 'JPY', amount: 0.5 }] })).toMatchObject(expected('prices.0.amount'))
    const { id } = ((await addOption()).body as Created).option
    const patched = await as(shop, 'PATCH', `/api/shipping/options/${id}`, { pricing: 'flat' })
    expect(patched).toMatchObject(expected('prices'))
  })

  it.each([
    [{ prices: [] }, 'prices'],
    [{ prices: [{ currency: 'USD', amount: -1 }] }, 'prices.0.amount'],
    [{ prices: [{ currency: 'XXX', amount: 1 }] }, 'prices.0.currency'],
    [{ prices: [{ amount: 1 }] }, 'prices.0.currency'],
    [{ pricing: 'free' }, 'pricing'],
    [{ max_weight_grams: 0 }, 'max_weight_grams'],
    [{ excluded_shipping_classes: [''] }, 'excluded_shipping_classes.0'],
    [{ zone: 'x' }, 'zone'],
    [{ name: undefined }, 'name'],
  ])('name the wrong field of %j', async (over, field) => {
    const { addOption } = await withZone()
    expect(await addOption(over)).toMatchObject({
      status: 422,
      body: { code: 'validation_failed', errors: [{ field }] },
    })
  })
})

describe('what only staff may do', () => {
  it.each([
    ['GET', '/api/shipping/zones', undefined],
    ['POST', '/api/shipping/zones', ZONE],
    ['GET', '/api/shipping/zones/zone_x', undefined],
    ['PATCH', '/api/shipping/zones/zone_x', { name: 'x' }],
    ['DELETE', '/api/shipping/zones/zone_x', undefined],
    ['GET', '/api/shipping/options', undefined],
    ['POST', '/api/shipping/options', OPTION],
    ['GET', '/api/shipping/options/shopt_x', undefined],
    ['PATCH', '/api/shipping/options/shopt_x', { name: 'x' }],
    ['DELETE', '/api/shipping/options/shopt_x', undefined],
  ])('%s %s is refused to others before the body is read', async (method, path, body) => {
    const { send } = shopWith()
    for (const sent of body === undefined ? [undefined] : [body, { nonsense: true }, '{broken']) {
      expect(await send(method, path, { body: sent })).toMatchObject({ status: 401 })
      expect(await send(method, path, { caller: OWNER, body: sent })).toMatchObject({ status: 403 })
    }
  })

  it.each(['PATCH', 'DELETE'])('takes If-Match: %s', async (method) => {
    const { shop, zoneId } = await withZone()
    const change = (tag: string) =>
      as(shop, method, `/api/shipping/zones/${zoneId}`, method === 'PATCH' ? { name: 'x' } : undefined, {
        'if-match': tag,
      })
    expect(await change('"2"')).toMatchObject({ status: 412, body: { code: 'version_conflict' } })
    expect(await change('nonsense')).toMatchObject({ status: 400 })
    expect((await change('"1"')).status).toBe(200)
  })

  it('creates once for each Idempotency-Key', async () => {
    const shop = shopWith()
    const create = (name: string) => as(shop, 'POST', '/api/shipping/zones', { name }, { 'idempotency-key': 'key-1' })
    const [first, second] = [await create('a'), await create('a')]
    expect([first.status, second.status]).toEqual([201, 201])
    expect(second.body).toEqual(first.body)
    expect([first, second].map(({ headers }) => headers.get('idempotency-replayed'))).toEqual([null, 'true'])
    expect(await create('b')).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } })
    await as(shop, 'DELETE', `/api/shipping/zones/${(first.body as Created).zone.id}`)
    expect(await create('a')).toMatchObject({ status: 409, body: { code: 'created_and_deleted' } })
  })
})
