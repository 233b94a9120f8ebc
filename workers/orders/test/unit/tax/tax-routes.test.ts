import { describe, expect, it } from 'vitest'
import { ADMIN, OWNER, OWNER_ID, shopWith } from '../../support/shop-with.ts'
import { NOW } from '../../support/test-deps.ts'

const AT = NOW.toISOString()
const RATE = {
  ...{ name: 'VAT', country: 'DE', regions: [], postal_codes: [], tax_category: 'books', rate: '0.07', priority: 2 },
  ...{ compound: true, valid_from: AT, valid_to: '2027-01-01T00:00:00.000Z' },
}

type Shop = ReturnType<typeof shopWith>
type Created = { rate: { id: string }; exemption: { id: string } }

const as = (shop: Shop, method: string, path: string, body?: unknown, headers = {}) =>
  shop.send(method, path, { caller: ADMIN, headers, ...(body === undefined ? {} : { body }) })

describe('the routes of tax rates', () => {
  it('create, show, list, change and delete a rate', async () => {
    const shop = shopWith()
    const created = await as(shop, 'POST', '/api/tax/rates', RATE)
    const rate = { id: expect.stringMatching(/^taxrate_/), ...RATE, version: 1, created_at: AT, updated_at: AT }
    expect(created).toMatchObject({ status: 201, body: { message: 'Tax rate created' } })
    expect(created.body.rate).toEqual(rate)
    const path = `/api/tax/rates/${(created.body as Created).rate.id}`
    expect((await as(shop, 'GET', path)).body).toEqual({ rate })
    expect((await as(shop, 'GET', '/api/tax/rates?country=de')).body).toEqual({ rates: [rate], next_cursor: null })
    expect((await as(shop, 'GET', '/api/tax/rates?country=FR')).body).toMatchObject({ rates: [] })
    const patch = { rate: '0.050', tax_category: null, valid_to: null }
    expect((await as(shop, 'PATCH', path, patch)).body).toMatchObject({
      rate: { ...RATE, rate: '0.05', tax_category: null, valid_to: null, version: 2 },
    })
    expect((await as(shop, 'DELETE', path)).status).toBe(200)
    expect(await as(shop, 'PATCH', path, patch)).toMatchObject({ status: 404, body: { code: 'tax_rate_not_found' } })
  })

  it('need a name, a country and a rate, and default to the first priority for ever', async () => {
    const { body } = await as(shopWith(), 'POST', '/api/tax/rates', { name: 'GST', country: 'ca', rate: '0.05' })
    expect(body).toMatchObject({
      rate: { country: 'CA', regions: [], priority: 1, compound: false, tax_category: null, valid_from: null },
    })
  })

  it('refuse a rate that would end before it begins, or of another country’s region', async () => {
    const shop = shopWith()
    expect(await as(shop, 'POST', '/api/tax/rates', { ...RATE, regions: ['Texas'], valid_to: AT })).toMatchObject({
      status: 422,
      body: { code: 'invalid_tax_rate', errors: [{ field: 'regions.0' }, { field: 'valid_to' }] },
    })
  })

  it.each([
    [{ ...RATE, rate: 0.07 }, 'rate'],
    [{ ...RATE, rate: '7 %' }, 'rate'],
    [{ ...RATE, rate: '0.1234567' }, 'rate'],
    [{ ...RATE, rate: '10' }, 'rate'],
    [{ ...RATE, country: 'XX' }, 'country'],
    [{ ...RATE, priority: 0 }, 'priority'],
    [{ ...RATE, valid_from: '2026-01-01' }, 'valid_from'],
    [{ ...RATE, valid_from: '0001-01-01T00:00:00Z' }, 'valid_from'],
    [{ ...RATE, tax_category: '' }, 'tax_category'],
    [{ ...RATE, percent: 7 }, 'percent'],
  ])('name the wrong field of %j', async (body, field) => {
    expect(await as(shopWith(), 'POST', '/api/tax/rates', body)).toMatchObject({
      status: 422,
      body: { code: 'validation_failed', errors: [{ field }] },
    })
  })
})

describe('the routes of tax settings of countries', () => {
  const settings = { country: 'DE', prices_include_tax: true, taxed_at: 'destination', reverse_charge: false }

  it('set, list and remove those of a country', async () => {
    const shop = shopWith()
    const path = '/api/tax/countries/de'
    const saved = await as(shop, 'PUT', path, { prices_include_tax: true })
    expect(saved).toMatchObject({ status: 200, body: { message: 'Tax settings saved' } })
    expect(saved.body.tax_country).toEqual({ ...settings, version: 1, updated_at: AT })
    const replaced = await as(shop, 'PUT', path, {
      prices_include_tax: false,
      taxed_at: 'origin',
      reverse_charge: true,
    })
    const other = { prices_include_tax: false, taxed_at: 'origin', reverse_charge: true, version: 2 }
    expect(replaced.body).toMatchObject({ tax_country: other })
    await as(shop, 'PUT', '/api/tax/countries/AT', { prices_include_tax: true })
    const first = (await as(shop, 'GET', '/api/tax/countries?limit=1')).body
    expect(first).toMatchObject({ tax_countries: [{ country: 'AT' }] })
    const rest = (await as(shop, 'GET', `/api/tax/countries?cursor=${first.next_cursor}`)).body
    expect(rest).toMatchObject({ tax_countries: [{ country: 'DE', ...other }], next_cursor: null })
    expect((await as(shop, 'DELETE', path)).status).toBe(200)
    expect(await as(shop, 'DELETE', path)).toMatchObject({ status: 404, body: { code: 'tax_country_not_found' } })
  })

  it('take If-Match, which a country without settings never meets', async () => {
    const shop = shopWith()
    const put = (tag: string) =>
      as(shop, 'PUT', '/api/tax/countries/DE', { prices_include_tax: true }, { 'if-match': tag })
    expect(await put('"1"')).toMatchObject({ status: 412, body: { code: 'version_conflict' } })
    expect((await put('*')).status).toBe(200)
    expect((await put('"2"')).status).toBe(412)
    expect((await put('"1"')).status).toBe(200)
  })

  it.each([
    ['/api/tax/countries/XX', { prices_include_tax: true }, 'country'],
    ['/api/tax/countries/DE', {}, 'prices_include_tax'],
    ['/api/tax/countries/DE', { prices_include_tax: true, taxed_at: 'home' }, 'taxed_at'],
  ])('name what is wrong with %s %j', async (path, body, field) => {
    expect(await as(shopWith(), 'PUT', path, body)).toMatchObject({ status: 422, body: { errors: [{ field }] } })
  })
})

describe('the routes of tax exemptions', () => {
  const EXEMPTION = { user_id: OWNER_ID, country: 'US', reason: 'Resale certificate 4711' }

  it('create, list and withdraw one', async () => {
    const shop = shopWith()
    const created = await as(shop, 'POST', '/api/tax/exemptions', EXEMPTION)
    const shown = { id: expect.stringMatching(/^taxexempt_/), ...EXEMPTION, valid_from: null, valid_to: null }
    expect(created.body.exemption).toEqual({ ...shown, created_at: AT })
    const list = (userId: string) => as(shop, 'GET', `/api/tax/exemptions?user_id=${userId}`)
    expect((await list(OWNER_ID)).body).toMatchObject({ exemptions: [shown], next_cursor: null })
    expect((await list('user_other')).body).toMatchObject({ exemptions: [] })
    const path = `/api/tax/exemptions/${(created.body as Created).exemption.id}`
    expect((await as(shop, 'DELETE', path)).status).toBe(200)
    expect(await as(shop, 'DELETE', path)).toMatchObject({ status: 404, body: { code: 'tax_exemption_not_found' } })
  })

  it.each([
    [{ ...EXEMPTION, user_id: 'user_x' }, 'user_id'],
    [{ ...EXEMPTION, reason: '' }, 'reason'],
    [{ ...EXEMPTION, valid_from: AT, valid_to: AT }, 'valid_to'],
  ])('name the wrong field of %j', async (body, field) => {
    expect(await as(shopWith(), 'POST', '/api/tax/exemptions', body)).toMatchObject({
      status: 422,
      body: { errors: [{ field }] },
    })
  })
})

describe('what only staff may do', () => {
  it.each([
    ['GET', '/api/tax/rates', undefined],
    ['POST', '/api/tax/rates', RATE],
    ['GET', '/api/tax/rates/taxrate_x', undefined],
    ['PATCH', '/api/tax/rates/taxrate_x', { name: 'x' }],
    ['DELETE', '/api/tax/rates/taxrate_x', undefined],
    ['GET', '/api/tax/countries', undefined],
    ['PUT', '/api/tax/countries/DE', { prices_include_tax: true }],
    ['DELETE', '/api/tax/countries/DE', undefined],
    ['GET', '/api/tax/exemptions', undefined],
    ['POST', '/api/tax/exemptions', {}],
    ['DELETE', '/api/tax/exemptions/taxexempt_x', undefined],
  ])('%s %s is refused to others before the body is read', async (method, path, body) => {
    const { send } = shopWith()
    for (const sent of body === undefined ? [undefined] : [body, { nonsense: true }, '{broken']) {
      expect(await send(method, path, { body: sent })).toMatchObject({ status: 401 })
      expect(await send(method, path, { caller: OWNER, body: sent })).toMatchObject({ status: 403 })
    }
  })

  it.each([
    ['/api/tax/rates', RATE],
    ['/api/tax/exemptions', { user_id: OWNER_ID, reason: 'x' }],
  ])('creates once for each Idempotency-Key: POST %s', async (path, body) => {
    const shop = shopWith()
    const create = () => as(shop, 'POST', path, body, { 'idempotency-key': 'key-1' })
    const [first, second] = [await create(), await create()]
    expect([first.status, second.status]).toEqual([201, 201])
    expect(second.body).toEqual(first.body)
    expect(second.headers.get('idempotency-replayed')).toBe('true')
  })
})
