import { describedOperations } from '@shop/testing/api-contract'
import type { Account } from '@shop/testing/shop'
import { beforeAll, describe, expect, it } from 'vitest'
import { accountRows } from './access/accounts.ts'
import { cartRows } from './access/carts.ts'
import { catalogRows } from './access/catalog.ts'
import { messageRows } from './access/messages.ts'
import { newOrdersOf } from './access/new-orders.ts'
import { orderRows } from './access/orders.ts'
import { paymentRows } from './access/payments.ts'
import { priceRows } from './access/prices.ts'
import { returnRows } from './access/returns.ts'
import { at, type Call, ROLES, type Role, type Row, type Rows, same } from './access/row.ts'
import { staffRows } from './access/staff.ts'
import { useSharedPlatform } from './support/use-platform.ts'

const stage = useSharedPlatform()

/** Only the owner and staff may read this text. It is part of the customer's order address. */
const SECRET = `secret address ${crypto.randomUUID()}`

let stranger: Account
beforeAll(async () => {
  stranger = await stage.shop.signUp()
})

const newOrders = newOrdersOf(stage, SECRET)
const MATRIX: Rows = {
  showStart: { call: at('/'), answers: same(200) },
  showHealth: { call: at('/health'), answers: same(200) },
  showReadiness: { call: at('/health/ready'), answers: same(200) },
  showApiDescription: { call: at('/openapi.json'), answers: same(200) },
  listSigningKeys: { call: at('/.well-known/jwks.json'), answers: same(200) },
  ...accountRows(stage, SECRET),
  ...staffRows(stage),
  ...catalogRows(stage),
  ...orderRows(stage, newOrders),
  ...returnRows(stage, newOrders),
  ...cartRows(stage, SECRET, () => stranger),
  ...priceRows(stage),
  ...paymentRows(newOrders),
  ...messageRows(stage),
}

async function freshTokenOf(role: Role): Promise<string | undefined> {
  if (role === 'anonymous') return undefined
  return (await (role === 'admin' ? stage.shop.signUpAdmin() : stage.shop.signUp())).token
}

function tokenOf(role: Role): string | undefined {
  const accounts = { anonymous: undefined, customer: stage.customer, stranger, admin: stage.admin }
  return accounts[role]?.token
}

/** The call of each operation, on data that it has not changed yet. */
const unused = new Map<string, Call>()

/** For several roles the same while all are refused, since a refusal changes nothing. */
async function unusedCallOf(operationId: string, row: Row): Promise<Call> {
  const call = unused.get(operationId) ?? (await row.call())
  unused.set(operationId, call)
  return call
}

describe('the access matrix', () => {
  it('has a row for every operation of the API, and no other', () => {
    const operations = describedOperations().map(({ operationId }) => operationId)
    expect(Object.keys(MATRIX).toSorted()).toEqual(operations.toSorted())
  })

  const cases = describedOperations().flatMap((operation) => ROLES.map((role) => ({ ...operation, role })))

  it.each(cases)('$operationId for $role', async ({ operationId, method, role }) => {
    const row = MATRIX[operationId]
    if (row === undefined) throw new Error(`No row for ${operationId}`)
    const { path, ...options } = await unusedCallOf(operationId, row)
    const token = row.signsOut ? await freshTokenOf(role) : tokenOf(role)
    const reply = await stage.shop.request(method, path, { ...options, token })
    if (method !== 'GET' && reply.status < 400) unused.delete(operationId)
    expect(reply.status).toBe(row.answers[role])
    expect(JSON.stringify(reply.body).includes(SECRET)).toBe(row.shows?.includes(role) ?? false)
    if (reply.status === 401) expect(reply.headers.get('www-authenticate')).toMatch(/^Bearer/)
  })
})

describe('the caller', () => {
  it('is identified by the token alone; identity headers are ignored', async () => {
    const caller = JSON.stringify({ kind: 'user', userId: stage.admin.user.id, role: 'admin' })
    const headers = {
      'x-shop-caller': caller,
      'X-Shop-User': stage.admin.user.id,
      'x-user-id': stage.admin.user.id,
      'x-user-role': 'admin',
    }
    const body = { name: 'Mug', price: 1 }
    const { request } = stage.shop
    expect((await request('POST', '/api/products', { headers, body })).status).toBe(401)
    expect((await request('POST', '/api/products', { headers, body, token: stage.customer.token })).status).toBe(403)
    expect((await request('GET', '/api/users/profile', { headers })).status).toBe(401)
    const profile = await request('GET', '/api/users/profile', { headers, token: stage.customer.token })
    expect(profile.body.user.id).toBe(stage.customer.user.id)
  })

  it('cannot reach the workers’ internal endpoints', async () => {
    for (const path of ['/internal/ready', '/api/orders/../../internal/ready', '/sweep']) {
      expect((await fetch(`${stage.platform.url}${path}`)).status).toBe(404)
    }
  })
})
