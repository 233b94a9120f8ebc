import { newId } from '@shop/http/ids'
import { CALLER_HEADER, type Caller } from '@shop/kernel/caller'
import { describe, expect, it } from 'vitest'
import { ordersApp } from '../../../src/app.ts'
import { aPromotion } from '../../support/promotions.ts'
import { testDeps } from '../../support/test-deps.ts'

const customer: Caller = { kind: 'user', userId: newId('user'), role: 'customer' }
const admin: Caller = { kind: 'user', userId: newId('user'), role: 'admin' }

type Sent = { caller?: Caller | undefined; body?: unknown; headers?: Record<string, string> }

function shopWith(options: Parameters<typeof testDeps>[0] = {}) {
  const made = testDeps(options)
  const app = ordersApp(() => made.deps)
  const send = async (method: string, path: string, { caller = admin, body, headers = {} }: Sent = {}) => {
    const response = await app.request(path, {
      method,
      headers: { [CALLER_HEADER]: JSON.stringify(caller), 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    return { status: response.status, headers: response.headers, body: await response.json<Record<string, unknown>>() }
  }
  return { ...made, send }
}

const BODY = { name: 'Summer sale', type: 'percentage', value: 10 }
const KEY = { 'idempotency-key': 'k-1' }
const errorsOf = ({ errors }: Record<string, unknown>) =>
  Array.isArray(errors) ? errors.map(({ field }: { field: string }) => field) : errors

describe('every call of promotions', () => {
  const CALLS = [
    ['GET', ''],
    ['POST', ''],
    ['GET', '/promo_1'],
    ['PATCH', '/promo_1'],
    ['DELETE', '/promo_1'],
    ['POST', '/promo_1/codes'],
    ['GET', '/promo_1/codes'],
  ] as const

  it.each(CALLS)('%s /api/promotions%s is for staff, who alone see errors of the body', async (method, path) => {
    const { send } = shopWith()
    const body = method === 'GET' ? {} : { body: '{' }
    const statusFor = async (caller: Caller) =>
      (await send(method, `/api/promotions${path}`, { caller, ...body })).status
    expect(await statusFor({ kind: 'anonymous' })).toBe(401)
    expect(await statusFor(customer)).toBe(403)
  })

  it.each(CALLS.slice(2))('%s /api/promotions%s of one that does not exist is 404', async (method, path) => {
    const { send } = shopWith()
    const given = method === 'POST' ? { count: 1 } : {}
    for (const id of ['promo_1', newId('promotion')]) {
      const found = await send(method, `/api/promotions${path.replace('promo_1', id)}`, {
        ...(method === 'GET' ? {} : { body: given }),
      })
      expect(found).toMatchObject({ status: 404, body: { code: 'promotion_not_found', promotion_id: id } })
    }
  })
})

describe('POST /api/promotions', () => {
  it('answers with the promotion, with what staff left out', async () => {
    const { send } = shopWith()
    const { status, headers, body } = await send('POST', '/api/promotions', { body: BODY })
    expect([status, headers.get('etag')]).toEqual([201, expect.stringMatching(/^"1-/)])
    expect(body).toEqual({
      message: 'Promotion created',
      promotion: {
        id: expect.stringMatching(/^promo_/),
        ...{ name: 'Summer sale', code: null, single_use_codes: false, automatic: true, type: 'percentage', value: 10 },
        ...{ amounts: [], tiers: [], buy: null, get: null },
        applies_to: { products: [], categories: [], collections: [] },
        conditions: { min_subtotal: [], min_quantity: null, countries: [], customer_groups: [], first_order: false },
        ...{ usage_limit: null, usage_limit_per_customer: null, budget: null, uses: null, budget_used: null },
        ...{ starts_at: null, ends_at: null, priority: 0, stackable: true, version: 1 },
        created_at: '2026-11-23T10:00:00.000Z',
        updated_at: '2026-11-23T10:00:00.000Z',
      },
    })
  })

  it('takes every field, amounts in major units', async () => {
    const { send } = shopWith({ groups: ['vip'] })
    const given = {
      name: 'Three for two',
      code: ' Mugs ',
      type: 'buy_x_get_y',
      buy: { quantity: 2, products: [1, 2], collections: [] },
      get: { quantity: 1, percent_off: '50.50', products: [], collections: [4] },
      applies_to: { products: [], categories: [3], collections: [] },
      conditions: {
        min_subtotal: [{ currency: 'eur', amount: 9.99 }],
        min_quantity: 3,
        countries: ['de'],
        customer_groups: ['vip'],
        first_order: true,
      },
      usage_limit: 50,
      usage_limit_per_customer: 1,
      budget: { currency: 'KWD', amount: 1.234 },
      starts_at: '2026-12-01T00:00:00+01:00',
      ends_at: '2026-12-27T00:00:00Z',
      priority: -5,
      stackable: false,
    }
    const { body } = await send('POST', '/api/promotions', { body: given })
    expect(body).toMatchObject({
      promotion: {
        ...given,
        code: 'Mugs',
        automatic: false,
        get: { ...given.get, percent_off: 50.5 },
        conditions: { ...given.conditions, min_subtotal: [{ currency: 'EUR', amount: 9.99 }], countries: ['DE'] },
        starts_at: '2026-11-30T23:00:00.000Z',
        ends_at: '2026-12-27T00:00:00.000Z',
        ...{ uses: 0, budget_used: 0 },
      },
    })
  })

  it('makes one promotion for each key, and says when it answers again', async () => {
    const { send, promotions } = shopWith()
    const post = (body: unknown) => send('POST', '/api/promotions', { body, headers: KEY })
    const [first, again] = [await post(BODY), await post(BODY)]
    expect(again.body).toEqual(first.body)
    expect([first, again].map(({ headers }) => headers.get('idempotency-replayed'))).toEqual([null, 'true'])
    expect(await post({ ...BODY, value: 11 })).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } })
    expect(promotions.size).toBe(1)
  })

  it('names only customer groups that exist; one that it named before may be gone', async () => {
    const conditions = { ...aPromotion().conditions, groupIds: ['gone'] }
    const stored = aPromotion({ conditions })
    const { send } = shopWith({ groups: ['vip'], promotions: [stored] })
    const post = await send('POST', '/api/promotions', {
      body: { ...BODY, conditions: { customer_groups: ['vip', 'gone'] } },
    })
    expect([post.status, errorsOf(post.body)]).toEqual([422, ['conditions.customer_groups.1']])
    const patch = (body: unknown) => send('PATCH', `/api/promotions/${stored.id}`, { body })
    expect((await patch({ name: 'Winter sale' })).status).toBe(200)
    expect((await patch({ conditions: { customer_groups: ['vip', 'gone'] } })).status).toBe(200)
    const refused = await patch({ conditions: { customer_groups: ['vip', 'other'] } })
    expect([refused.status, errorsOf(refused.body)]).toEqual([422, ['conditions.customer_groups.1']])
  })

  it('refuses a code that another promotion has, in any spelling', async () => {
    const { send } = shopWith({ promotions: [aPromotion({ code: 'Summer' })] })
    const taken = await send('POST', '/api/promotions', { body: { ...BODY, code: ' SUMMER ' } })
    expect(taken).toMatchObject({ status: 409, body: { code: 'promotion_code_taken', promotion_code: 'SUMMER' } })
  })

  it.each<[string, Record<string, unknown>, code: string, fields: string[]]>([
    ['no name', { ...BODY, name: ' ' }, 'validation_failed', ['name']],
    ['an unknown type', { ...BODY, type: 'gift' }, 'validation_failed', ['type']],
    ['an unknown field', { ...BODY, percentage: 10 }, 'validation_failed', ['percentage']],
    ['a date without an offset', { ...BODY, ends_at: '2026-12-27T00:00:00' }, 'validation_failed', ['ends_at']],
    ['a limit of 0', { ...BODY, usage_limit: 0 }, 'validation_failed', ['usage_limit']],
    [
      'a country that is none',
      { ...BODY, conditions: { countries: ['DEU'] } },
      'validation_failed',
      ['conditions.countries.0'],
    ],
    ['a value above 100', { ...BODY, value: 101 }, 'invalid_promotion', ['value']],
    ['fields of another type', { ...BODY, type: 'tiered' }, 'invalid_promotion', ['value', 'tiers']],
    [
      'a tier without a minimum',
      { name: 'x', type: 'tiered', tiers: [{ value: 5 }] },
      'invalid_promotion',
      ['tiers.0'],
    ],
  ])('refuses %s, naming the field', async (_, body, code, fields) => {
    const { send, promotions } = shopWith()
    const refused = await send('POST', '/api/promotions', { body })
    expect(refused).toMatchObject({ status: 422, body: { code } })
    expect(errorsOf(refused.body)).toEqual(fields)
    expect(promotions.size).toBe(0)
  })
})

describe('GET /api/promotions', () => {
  it('answers pages, newest first', async () => {
    const made = Array.from({ length: 3 }, () => aPromotion()).sort((a, b) => (a.id < b.id ? 1 : -1))
    const { send } = shopWith({ promotions: made })
    const first = await send('GET', '/api/promotions?limit=2')
    expect(first.body).toMatchObject({ promotions: [{ id: made[0]?.id }, { id: made[1]?.id }] })
    const rest = await send('GET', `/api/promotions?limit=2&cursor=${first.body.next_cursor}`)
    expect(rest.body).toMatchObject({ promotions: [{ id: made[2]?.id }], next_cursor: null })
  })

  it.each(['x', btoa(JSON.stringify(['promotions', 'promo_1'])), btoa(JSON.stringify(['orders', newId('promotion')]))])(
    'refuses a cursor of another list',
    async (cursor) => {
      const { send } = shopWith()
      expect(await send('GET', `/api/promotions?cursor=${cursor}`)).toMatchObject({ body: { code: 'invalid_cursor' } })
    },
  )
})

describe('a promotion', () => {
  const sale = aPromotion({ code: 'Summer', usageLimit: 5 })
  const path = `/api/promotions/${sale.id}`

  it('is changed by a merge patch', async () => {
    const { send } = shopWith({ promotions: [sale] })
    const body = { name: 'Winter sale', usage_limit: null, conditions: { countries: ['AT'] } }
    const changed = await send('PATCH', path, { body })
    expect([changed.status, changed.headers.get('etag')]).toEqual([200, expect.stringMatching(/^"2-/)])
    expect(changed.body).toMatchObject({
      promotion: {
        name: 'Winter sale',
        code: 'Summer',
        usage_limit: null,
        conditions: { countries: ['AT'] },
        version: 2,
      },
    })
    expect((await send('GET', path)).body).toEqual({ promotion: changed.body.promotion })
  })

  it('changes its type with the fields of both', async () => {
    const tiered = aPromotion({
      ...{ type: 'tiered', value: null },
      tiers: [{ minQuantity: 2, minSubtotal: null, value: '5' }],
    })
    const { send } = shopWith({ promotions: [tiered] })
    const body = { type: 'percentage', value: '7.5', tiers: null }
    const changed = await send('PATCH', `/api/promotions/${tiered.id}`, { body })
    expect(changed.body).toMatchObject({ promotion: { type: 'percentage', value: 7.5, tiers: [] } })
  })

  it('stays as it is without a change', async () => {
    const { send } = shopWith({ promotions: [sale] })
    expect((await send('PATCH', path, { body: {} })).body).toMatchObject({ promotion: { version: 1 } })
  })

  it('is changed and deleted only in the version that If-Match names', async () => {
    const { send } = shopWith({ promotions: [sale] })
    const headers = { 'if-match': '"2"' }
    expect(await send('PATCH', path, { body: { name: 'x' }, headers })).toMatchObject({ status: 412 })
    expect(await send('DELETE', path, { headers })).toMatchObject({ status: 412 })
    expect(await send('DELETE', path, { headers: { 'if-match': 'x' } })).toMatchObject({ status: 400 })
    expect(await send('DELETE', path, { headers: { 'if-match': '"1"' } })).toMatchObject({ status: 200 })
    expect(await send('GET', path)).toMatchObject({ status: 404 })
  })

  it('keeps its fields when a change does not fit them', async () => {
    const { send, promotions } = shopWith({ promotions: [sale, aPromotion({ code: 'Winter' })] })
    const misfit = await send('PATCH', path, { body: { type: 'free_shipping', ends_at: '2026-01-01T00:00:00Z' } })
    expect(misfit).toMatchObject({ status: 422, body: { code: 'invalid_promotion' } })
    expect(errorsOf(misfit.body)).toEqual(['value'])
    expect(await send('PATCH', path, { body: { code: 'winter' } })).toMatchObject({ status: 409 })
    expect(promotions.get(sale.id)).toEqual(sale)
  })
})

describe('single-use codes', () => {
  const sale = aPromotion()
  const path = `/api/promotions/${sale.id}/codes`

  it('are made with a prefix, and end that the promotion applies by itself', async () => {
    const { send } = shopWith({ promotions: [sale] })
    const made = await send('POST', path, { body: { count: 3, prefix: 'vip-' } })
    expect(made).toMatchObject({ status: 201, body: { count: 3, next_cursor: null, message: 'Codes created' } })
    const code = expect.stringMatching(/^VIP-[0-9A-HJKMNP-TV-Z]{13}$/)
    const row = { code, batch_id: made.body.batch_id, order_id: null, created_at: '2026-11-23T10:00:00.000Z' }
    expect(made.body.codes).toEqual([row, row, row])
    const { body } = await send('GET', `/api/promotions/${sale.id}`)
    expect(body).toMatchObject({ promotion: { single_use_codes: true, automatic: false } })
  })

  it('are the same when the request is repeated with its key', async () => {
    const { send } = shopWith({ promotions: [sale] })
    const post = (body: unknown) => send('POST', path, { body, headers: KEY })
    const [first, again] = [await post({ count: 5 }), await post({ count: 5 })]
    expect(again.body).toEqual(first.body)
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(await post({ count: 6 })).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } })
  })

  it('beyond the first 1000 are read page by page, of one request or of all', async () => {
    const { send } = shopWith({ promotions: [sale] })
    const { body: made } = await send('POST', path, { body: { count: 1_001 } })
    await send('POST', path, { body: { count: 2 } })
    const ofBatch = await send('GET', `${path}?batch_id=${made.batch_id}&limit=1000&cursor=${made.next_cursor}`)
    expect(ofBatch.body).toMatchObject({ codes: [{ batch_id: made.batch_id }], next_cursor: null })
    const all = await send('GET', `${path}?limit=1000&cursor=${made.next_cursor}`)
    expect(all.body.codes).toHaveLength(3)
    expect((await send('GET', `${path}?batch_id=other`)).body).toEqual({ codes: [], next_cursor: null })
  })

  it('are drawn again when one of them exists', async () => {
    const draws = [0, 0, 1]
    const randomBytes = (length: number) => new Uint8Array(length).fill(draws.shift() ?? 9)
    const { send } = shopWith({ promotions: [sale], over: { randomBytes } })
    await send('POST', path, { body: { count: 1 } })
    const { body } = await send('POST', path, { body: { count: 1 } })
    expect(body.codes).toMatchObject([{ code: '1111111111111' }])
  })

  it.each([
    ['none', { count: 0 }, ['count']],
    ['more than 100,000', { count: 100_001 }, ['count']],
    ['a prefix that is too long when it is compared', { count: 1, prefix: '\ufdfa\ufdfa' }, ['prefix']],
    ['a prefix that is too long', { count: 1, prefix: 'x'.repeat(21) }, ['prefix']],
  ])('are refused for %s', async (_, body, fields) => {
    const { send } = shopWith({ promotions: [sale] })
    const refused = await send('POST', path, { body })
    expect([refused.status, errorsOf(refused.body)]).toEqual([422, fields])
  })

  it('have no cursor of another list', async () => {
    const { send } = shopWith({ promotions: [sale] })
    for (const cursor of [
      ['promotions', sale.id],
      [newId('codeBatch'), '-1'],
      ['batch_1', '1'],
    ]) {
      const refused = await send('GET', `${path}?cursor=${btoa(JSON.stringify(cursor))}`)
      expect(refused).toMatchObject({ status: 422, body: { code: 'invalid_cursor' } })
    }
  })
})
