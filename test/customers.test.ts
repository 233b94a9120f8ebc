import type { Account } from '@shop/testing/shop'
import { describe, expect, it } from 'vitest'
import { useSharedPlatform } from './support/use-platform.ts'

const stage = useSharedPlatform()

const HOME = {
  name: 'Ada',
  line1: '1 Main Street',
  city: 'Springfield',
  region: 'il',
  postal_code: '62701',
  country: 'us',
}

const send = (account: Account, method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  stage.shop.request(method, `/api/users${path}`, { token: account.token, body, headers })

describe('the profile', () => {
  it('is changed as a merge patch, in canonical forms', async () => {
    const account = await stage.shop.signUp()
    const read = await send(account, 'GET', '/profile')
    expect(read.body.user).toMatchObject({ locale: null, phone: null, marketing_consent: false, version: 1 })
    const changes = { name: 'Ada', locale: 'DE-at', phone: '(217) 555-0142', marketing_consent: true }
    const changed = await send(account, 'PATCH', '/profile', changes, { 'if-match': read.headers.get('etag') ?? '' })
    expect(changed.body.user).toMatchObject({
      ...{ name: 'Ada', locale: 'de-AT', phone: '+12175550142', marketing_consent: true, version: 2 },
    })
    const emptied = await send(account, 'PATCH', '/profile', { phone: null, marketing_consent: false })
    expect(emptied.body.user).toMatchObject({ name: 'Ada', phone: null, marketing_consent: false, version: 3 })
    expect((await send(account, 'PATCH', '/profile', {}, { 'if-match': '"1"' })).status).toBe(412)
  })

  it.each([
    ['locale', 'not a tag'],
    ['phone', 'call me'],
    ['email', 'other@example.com'],
    ['role', 'admin'],
  ])('does not take a %s such as "%s"', async (field, value) => {
    const refused = await send(await stage.shop.signUp(), 'PATCH', '/profile', { [field]: value })
    expect(refused.body).toMatchObject({ code: 'validation_failed', errors: [{ field }] })
  })
})

describe('the address book', () => {
  it('keeps addresses as their country writes them, and one default of each kind until it is taken away', async () => {
    const account = await stage.shop.signUp()
    const first = (await send(account, 'POST', '/addresses', HOME)).body.address
    expect(first).toMatchObject({ region: 'IL', country: 'US', is_default_shipping: true, is_default_billing: true })
    const office = { line1: 'Unter den Linden 1', city: 'Berlin', postal_code: '10117', country: 'DE' }
    const second = (await send(account, 'POST', '/addresses', { ...office, is_default_billing: true })).body.address
    const book = (await send(account, 'GET', '/addresses')).body.addresses
    expect(
      book.map(({ id, is_default_shipping, is_default_billing }) => [id, is_default_shipping, is_default_billing]),
    ).toEqual([
      [first.id, true, false],
      [second.id, false, true],
    ])
    const moved = await send(account, 'PATCH', `/addresses/${second.id}`, { is_default_shipping: true, line2: 'Hof' })
    expect(moved.body.address).toMatchObject({ line2: 'Hof', is_default_shipping: true, version: 2 })
    const taken = await send(account, 'PATCH', `/addresses/${second.id}`, { is_default_billing: false })
    expect(taken.body.address).toMatchObject({ is_default_shipping: true, is_default_billing: false })
    await send(account, 'PATCH', `/addresses/${first.id}`, { is_default_billing: true })
    expect((await send(account, 'DELETE', `/addresses/${second.id}`)).status).toBe(200)
    const left = (await send(account, 'GET', `/addresses/${first.id}`)).body.address
    expect(left).toMatchObject({ is_default_shipping: true, is_default_billing: true })
  })

  it('refuses an address that breaks the rules of its country, and changes of an old version', async () => {
    const account = await stage.shop.signUp()
    const refused = await send(account, 'POST', '/addresses', { ...HOME, postal_code: undefined })
    expect(refused.body).toMatchObject({ code: 'invalid_address', errors: [{ field: 'postal_code' }] })
    const created = await send(account, 'POST', '/addresses', HOME)
    const path = `/addresses/${created.body.address.id}`
    const tag = { 'if-match': created.headers.get('etag') ?? '' }
    expect((await send(account, 'PATCH', path, { name: null }, tag)).body.address).toMatchObject({ name: null })
    expect((await send(account, 'PATCH', path, { name: 'Ada' }, tag)).status).toBe(412)
    expect((await send(account, 'DELETE', path, undefined, tag)).status).toBe(412)
    expect((await send(account, 'PATCH', path, { country: 'CA' })).body.code).toBe('invalid_address')
  })

  it('adds an address once for an Idempotency-Key', async () => {
    const account = await stage.shop.signUp()
    const key = { 'idempotency-key': crypto.randomUUID() }
    const answers = await Promise.all([1, 2, 3].map(() => send(account, 'POST', '/addresses', HOME, key)))
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201])
    expect(new Set(answers.map(({ body }) => body.address.id)).size).toBe(1)
    expect((await send(account, 'POST', '/addresses', { ...HOME, city: 'Chicago' }, key)).status).toBe(422)
  })
})

describe('staff', () => {
  it('find customers by the beginning of an address or a name, page by page', async () => {
    const run = crypto.randomUUID().slice(0, 8)
    const customers = await Promise.all([1, 2, 3].map(() => stage.shop.signUp()))
    for (const customer of customers) await send(customer, 'PATCH', '/profile', { name: `Zoë_${run} Smith` })
    const search = (text: string, more = '') => send(stage.admin, 'GET', `?search=${encodeURIComponent(text)}${more}`)
    const [one] = customers
    expect((await search((one?.email ?? '').toUpperCase().slice(0, 20))).body.users.map(({ id }) => id)).toEqual([
      one?.user.id,
    ])
    const page = await search(`zoë_${run}`, '&limit=2')
    expect(page.body.users).toHaveLength(2)
    const rest = await search(`zoë_${run}`, `&limit=2&cursor=${page.body.next_cursor}`)
    const found = [...page.body.users, ...rest.body.users].map(({ id }) => id)
    expect(found.toSorted()).toEqual(customers.map(({ user }) => user.id).toSorted())
    expect(rest.body.next_cursor).toBeNull()
    expect((await search(`zo%${run}`)).body.users).toEqual([])
  })

  it('see one customer, with the version to change it from', async () => {
    const { user } = await stage.shop.signUp()
    const seen = await send(stage.admin, 'GET', `/${user.id}`)
    expect(seen.body.user).toMatchObject({ id: user.id, email: user.email, version: 1 })
    expect(seen.headers.get('etag')).toMatch(/^"1-/)
    expect((await send(stage.admin, 'GET', '/user_01jd4k2v9rf0fv8z3x1m5q7w2e')).body.code).toBe('user_not_found')
  })
})
