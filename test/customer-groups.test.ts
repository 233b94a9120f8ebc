import { eventually } from '@shop/testing/eventually'
import type { OrderBody } from '@shop/testing/order-body'
import type { ProductBody } from '@shop/testing/product-body'
import type { Account } from '@shop/testing/shop'
import { describe, expect, it } from 'vitest'
import { useSharedPlatform } from './support/use-platform.ts'

const stage = useSharedPlatform()

/** Usually a second; a busy machine takes longer. */
const WITHIN_MS = 20_000

type Options = { body?: unknown; headers?: Record<string, string> }
const asStaff = (method: string, path: string, options: Options = {}) =>
  stage.shop.request(method, path, { token: stage.admin.token, ...options })

async function newGroup() {
  const created = await asStaff('POST', '/api/customer-groups', { body: { name: crypto.randomUUID() } })
  expect(created.status).toBe(201)
  return created.body.customer_group
}
const changeMembers = (groupId: string, body: { add?: string[]; remove?: string[] }, headers = {}) =>
  asStaff('POST', `/api/customer-groups/${groupId}/customers`, { body, headers })

/** An automatic promotion for a group. Orders learns of the group within seconds. */
async function promotionFor(groupId: string): Promise<string> {
  const body = { name: 'Wholesale', type: 'percentage', value: 10, conditions: { customer_groups: [groupId] } }
  const made = await eventually(
    () => asStaff('POST', '/api/promotions', { body }),
    ({ status }) => status === 201,
    WITHIN_MS,
  )
  return made.body.promotion.id
}

const items = (product: ProductBody) => ({ items: [{ product_id: product.id, quantity: 1 }] })
const promotionsOf = ({ adjustments }: OrderBody) => adjustments.map(({ promotion_id }) => promotion_id)

/** What an order of a customer gets now. The order is cancelled, so that it holds nothing. */
async function promotionsNow({ token }: Account, product: ProductBody): Promise<string[]> {
  const { order } = (await stage.shop.request('POST', '/api/orders', { token, body: items(product) })).body
  const body = { status: 'cancelled' }
  expect((await stage.shop.request('PATCH', `/api/orders/${order.id}/status`, { token, body })).status).toBe(200)
  return promotionsOf(order)
}
const becomes = (account: Account, product: ProductBody, promotions: string[]) =>
  eventually(
    () => promotionsNow(account, product),
    (found) => JSON.stringify(found) === JSON.stringify(promotions),
    WITHIN_MS,
  )

const aProduct = () => stage.shop.addProduct(stage.admin, { stock_quantity: 1_000 })

describe('a promotion for a customer group', () => {
  it('is for its members, from seconds after they join until seconds after they leave', async () => {
    const [group, product, member, other] = await Promise.all([
      newGroup(),
      aProduct(),
      stage.shop.signUp(),
      stage.shop.signUp(),
    ])
    const promotion = await promotionFor(group.id)
    expect(await promotionsNow(member, product)).toEqual([])
    expect((await changeMembers(group.id, { add: [member.user.id] })).body.customer_group.version).toBe(2)
    await becomes(member, product, [promotion])
    expect(await promotionsNow(other, product)).toEqual([])
    const guest = await stage.shop.request('POST', '/api/orders', {
      body: { ...items(product), email: member.email },
    })
    expect(promotionsOf(guest.body.order)).toEqual([])

    const cart = await stage.shop.request('POST', '/api/carts', { token: member.token, body: items(product) })
    expect(cart.body.cart.discount_total).toBe(1.25)
    const strange = await stage.shop.request('POST', '/api/carts', { token: other.token, body: items(product) })
    expect(strange.body.cart.discount_total).toBe(0)

    await changeMembers(group.id, { remove: [member.user.id] })
    await becomes(member, product, [])
  })

  it('ends for all when the group is deleted, and stays', async () => {
    const [group, product, ...members] = await Promise.all([
      newGroup(),
      aProduct(),
      stage.shop.signUp(),
      stage.shop.signUp(),
    ])
    const promotion = await promotionFor(group.id)
    await changeMembers(group.id, { add: members.map(({ user }) => user.id) })
    for (const member of members) await becomes(member, product, [promotion])
    expect((await asStaff('DELETE', `/api/customer-groups/${group.id}`)).status).toBe(200)
    for (const member of members) await becomes(member, product, [])
    const path = `/api/promotions/${promotion}`
    expect((await asStaff('PATCH', path, { body: { name: 'Former wholesale' } })).status).toBe(200)
  })

  it('is refused for a group that does not exist', async () => {
    const conditions = { customer_groups: ['group_01jd4k2v9rf0fv8z3x1m5q7w2e'] }
    const body = { name: 'Sale', type: 'percentage', value: 10, conditions }
    expect((await asStaff('POST', '/api/promotions', { body })).body).toMatchObject({
      ...{ status: 422, code: 'invalid_promotion', errors: [{ field: 'conditions.customer_groups.0' }] },
    })
  })
})

describe('a customer group', () => {
  it('is changed and deleted only as it was read, where If-Match says so', async () => {
    const { id } = await newGroup()
    const path = `/api/customer-groups/${id}`
    const tag = { 'if-match': (await asStaff('GET', path)).headers.get('etag') ?? '' }
    const renamed = await asStaff('PATCH', path, { body: { name: crypto.randomUUID() }, headers: tag })
    expect(renamed.body.customer_group).toMatchObject({ id, version: 2 })
    const add = [stage.customer.user.id]
    for (const refused of [
      await asStaff('PATCH', path, { body: { metadata: { tier: '1' } }, headers: tag }),
      await changeMembers(id, { add }, tag),
      await asStaff('DELETE', path, { headers: tag }),
    ]) {
      expect(refused).toMatchObject({ status: 412, body: { code: 'version_conflict' } })
    }
    const current = { 'if-match': renamed.headers.get('etag') ?? '' }
    expect((await changeMembers(id, { add }, current)).body.customer_group.version).toBe(3)
  })

  it('is made once for a key, and has a name of its own', async () => {
    const body = { name: crypto.randomUUID() }
    const headers = { 'idempotency-key': crypto.randomUUID() }
    const [first, again] = [
      await asStaff('POST', '/api/customer-groups', { body, headers }),
      await asStaff('POST', '/api/customer-groups', { body, headers }),
    ]
    expect([again.headers.get('idempotency-replayed'), again.body]).toEqual(['true', first.body])
    const taken = await asStaff('POST', '/api/customer-groups', { body: { name: body.name.toUpperCase() } })
    expect(taken).toMatchObject({ status: 409, body: { code: 'customer_group_name_taken' } })
    const listed = await asStaff('GET', '/api/customer-groups?limit=1')
    expect(listed.body.customer_groups.map(({ id }) => id)).toEqual([first.body.customer_group.id])
  })

  it('shows its accounts, and an account its groups', async () => {
    const [group, account] = [await newGroup(), await stage.shop.signUp()]
    const ghost = 'user_01jd4k2v9rf0fv8z3x1m5q7w2e'
    const refused = await changeMembers(group.id, { add: [account.user.id, ghost] })
    expect(refused).toMatchObject({ status: 422, body: { code: 'customers_not_found', user_ids: [ghost] } })
    await changeMembers(group.id, { add: [account.user.id] })
    const members = await asStaff('GET', `/api/customer-groups/${group.id}/customers`)
    expect(members.body.customers.map(({ email }) => email)).toEqual([account.email])
    const seen = (await asStaff('GET', `/api/users/${account.user.id}`)).body.user
    expect(seen.customer_groups).toEqual([{ id: group.id, name: group.name }])
    const own = await stage.shop.request('GET', '/api/users/profile', { token: account.token })
    expect(own.body.user).not.toHaveProperty('customer_groups')
  })
})

describe('a note about a customer', () => {
  it('is written once for a key, listed newest first with its author, and deleted', async () => {
    const path = `/api/users/${(await stage.shop.signUp()).user.id}/notes`
    const body = { text: 'Asked for invoices in German.\nCalls often.' }
    const headers = { 'idempotency-key': crypto.randomUUID() }
    const first = await asStaff('POST', path, { body, headers })
    expect(first.body.note).toMatchObject({ ...body, author_id: stage.admin.user.id })
    expect((await asStaff('POST', path, { body, headers })).body).toEqual(first.body)
    const second = (await asStaff('POST', path, { body: { text: 'Pays late' } })).body.note
    expect((await asStaff('GET', path)).body.notes).toEqual([second, first.body.note])
    const page = await asStaff('GET', `${path}?limit=1`)
    const rest = await asStaff('GET', `${path}?limit=1&cursor=${page.body.next_cursor}`)
    expect([...page.body.notes, ...rest.body.notes]).toEqual([second, first.body.note])
    expect((await asStaff('DELETE', `${path}/${second.id}`)).status).toBe(200)
    expect((await asStaff('DELETE', `${path}/${second.id}`)).body.code).toBe('customer_note_not_found')
  })

  it('is found only with the customer it is about, and never by customers', async () => {
    const [about, other] = await Promise.all([stage.shop.signUp(), stage.shop.signUp()])
    const path = `/api/users/${about.user.id}/notes`
    const { note } = (await asStaff('POST', path, { body: { text: 'Calls often' } })).body
    expect((await asStaff('DELETE', `/api/users/${other.user.id}/notes/${note.id}`)).status).toBe(404)
    expect((await asStaff('GET', '/api/users/user_01jd4k2v9rf0fv8z3x1m5q7w2e/notes')).body.code).toBe('user_not_found')
    expect((await stage.shop.request('GET', path, { token: about.token })).status).toBe(403)
    const profile = await stage.shop.request('GET', '/api/users/profile', { token: about.token })
    expect(JSON.stringify(profile.body)).not.toContain('Calls often')
  })

  it.each([
    ['an empty text', ''],
    ['blanks', '  \n'],
    ['more than 5,000 characters', 'x'.repeat(5_001)],
    ['a number', 7],
    ['nothing', undefined],
  ])('has a text, not %s', async (_, text) => {
    const refused = await asStaff('POST', `/api/users/${stage.customer.user.id}/notes`, { body: { text } })
    expect(refused.body).toMatchObject({ code: 'validation_failed', errors: [{ field: 'text' }] })
  })
})
