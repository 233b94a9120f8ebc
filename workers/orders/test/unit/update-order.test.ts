import { newId } from '@shop/http/ids'
import { CALLER_HEADER, type Caller } from '@shop/kernel/caller'
import { describe, expect, it } from 'vitest'
import { ordersApp } from '../../src/app.ts'
import { changeMetadata } from '../../src/orders/domain/metadata-step.ts'
import { anOrder } from '../support/orders.ts'
import { testDeps } from '../support/test-deps.ts'

const userId = newId('user')
const owner: Caller = { kind: 'user', userId, role: 'customer' }
const staff: Caller = { kind: 'user', userId: newId('user'), role: 'admin' }

function shopWith(order = anOrder({ userId, metadata: { erp_id: 'A-1' } })) {
  const made = testDeps({ orders: [order] })
  const app = ordersApp(() => made.deps)
  const send = async (
    method: string,
    path: string,
    sent: { caller?: Caller; body?: unknown; ifMatch?: string } = {},
  ) => {
    const { caller, body, ifMatch } = sent
    const headers = {
      'content-type': 'application/json',
      ...(caller === undefined ? {} : { [CALLER_HEADER]: JSON.stringify(caller) }),
      ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
    }
    const response = await app.request(path, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) })
    return { status: response.status, body: await response.json<Record<string, unknown>>() }
  }
  const path = `/api/orders/${order.id}`
  return {
    ...made,
    path,
    send,
    patch: (metadata: unknown, caller = staff) => send('PATCH', path, { caller, body: { metadata } }),
  }
}

describe('the metadata of an order', () => {
  it('is changed by staff as a merge patch, which is a change of the order', async () => {
    const { patch, path, calls, historyOf } = shopWith()
    expect(await patch({ channel: 'fair', erp_id: null })).toMatchObject({
      status: 200,
      body: { order: { metadata: { channel: 'fair' }, version: 2 }, message: 'Order updated' },
    })
    expect(calls).toEqual(['save updated'])
    const id = path.split('/').at(-1) ?? ''
    expect(historyOf(id).at(-1)).toMatchObject({ seq: 2, type: 'updated', actor: { kind: 'staff' }, data: {} })
    expect(await patch(null)).toMatchObject({ body: { order: { metadata: {}, version: 3 } } })
  })

  it('is not written once its customer was erased', async () => {
    const { patch, calls } = shopWith(anOrder({ userId, erasedAt: new Date('2026-11-30T10:00:00Z') }))
    expect(await patch({ called: '+49 30 1234567' })).toMatchObject({ status: 409, body: { code: 'order_erased' } })
    expect(calls).toEqual([])
  })

  it('is not changed by what it has already', async () => {
    const { patch, send, path, calls } = shopWith()
    for (const same of [{ erp_id: 'A-1' }, { other: null }, {}]) {
      expect(await patch(same)).toMatchObject({ status: 200, body: { order: { version: 1 } } })
    }
    expect(await send('PATCH', path, { caller: staff, body: {} })).toMatchObject({ status: 200 })
    expect(calls).toEqual([])
  })

  it('is for staff only: others neither change it nor see it', async () => {
    const { patch, send, path } = shopWith()
    expect(await patch({ a: 'b' }, owner)).toMatchObject({ status: 403 })
    expect(await send('PATCH', path, { body: { metadata: 5 } })).toMatchObject({ status: 401 })
    const own = await send('GET', path, { caller: owner })
    expect(own.status).toBe(200)
    const cancelled = await send('PATCH', `${path}/status`, { caller: owner, body: { status: 'cancelled' } })
    const list = await send('GET', '/api/orders', { caller: owner })
    for (const { body } of [own, cancelled, list]) expect(JSON.stringify(body)).not.toMatch(/metadata|erp_id/)
    expect(await send('GET', path, { caller: staff })).toMatchObject({
      body: { order: { metadata: { erp_id: 'A-1' } } },
    })
    expect(await send('GET', '/api/orders?scope=all', { caller: staff })).toMatchObject({
      body: { orders: [{ metadata: { erp_id: 'A-1' } }] },
    })
  })

  it('is changed only in the version that If-Match names, and only of an order that exists', async () => {
    const { send, path, calls } = shopWith()
    const change = { caller: staff, body: { metadata: { a: 'b' } } }
    expect(await send('PATCH', path, { ...change, ifMatch: '"2"' })).toMatchObject({ status: 412 })
    expect(await send('PATCH', path, { ...change, ifMatch: 'x' })).toMatchObject({ status: 400 })
    for (const id of [newId('order'), 'x']) {
      expect(await send('PATCH', `/api/orders/${id}`, change)).toMatchObject({ body: { code: 'order_not_found' } })
    }
    expect(calls).toEqual([])
    expect(await send('PATCH', path, { ...change, ifMatch: '"1"' })).toMatchObject({ status: 200 })
  })

  it('has at most 50 pairs', async () => {
    const metadata = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`k${n}`, 'x']))
    const order = anOrder({ metadata })
    expect(changeMetadata(order, { one: 'more' })).toMatchObject({ failure: { code: 'metadata_too_large' } })
    expect(changeMetadata(order, { one: 'more', k0: null })).toMatchObject({ value: { type: 'updated' } })
    expect(await shopWith(order).patch({ one: 'more' })).toMatchObject({ status: 422 })
  })
})
