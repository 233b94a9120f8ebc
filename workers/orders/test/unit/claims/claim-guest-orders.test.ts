import type { DeliveredUsersEvent } from '@shop/contracts/users/delivered-events'
import { newId } from '@shop/http/ids'
import { normalEmail } from '@shop/kernel/email'
import type { UserId } from '@shop/kernel/ids'
import { describe, expect, it } from 'vitest'
import { claimPaidOrders } from '../../../src/claims/claim-paid-orders.ts'
import type { Order } from '../../../src/orders/domain/order.ts'
import { receiveUsersEvents } from '../../../src/users-events/receive-users-events.ts'
import { anOrder } from '../../support/orders.ts'
import { ADMIN, OWNER, OWNER_ID, STRANGER, shopWith } from '../../support/shop-with.ts'
import { NOW } from '../../support/test-deps.ts'

const ADA = 'Ada@Example.com'
const PAID = { status: 'processing', paymentStatus: 'paid' } as const
const aGuestOrder = (over: Partial<Order> = {}) => anOrder({ userId: null, email: ADA, ...PAID, ...over })

const verified = (userId: UserId, email: string, id = 1): DeliveredUsersEvent<'customer.email_verified'> => ({
  ...{ id, type: 'customer.email_verified', version: 1, key: userId, sequence: 2, createdAt: NOW },
  payload: { userId, role: 'customer' },
  details: { emailKey: normalEmail(email), verifiedAt: NOW },
})

type Shop = ReturnType<typeof shopWith>
const receive = (shop: Shop, email = 'ada@example.com', userId = OWNER_ID) =>
  receiveUsersEvents(shop.deps, [verified(userId, email)])
const DONE = { ok: true, value: [{ eventId: 1, outcome: 'done' }] }

describe('a verified address', () => {
  it('gives its account the orders that a guest has paid for with it, in whatever spelling, once', async () => {
    const order = aGuestOrder()
    const shop = shopWith({ orders: [order] })
    for (let times = 0; times < 20; times += 1) expect(await receive(shop)).toEqual(DONE)
    expect(shop.find(order.id)).toEqual({ ...order, userId: OWNER_ID, claimedAt: NOW })
    const listed = await shop.send('GET', '/api/orders', { caller: OWNER })
    expect(listed.body).toMatchObject({ orders: [{ id: order.id, user_id: OWNER_ID, version: order.version }] })
  })

  it.each([
    ['of another address', { email: 'ada@example.org' }],
    ['that is not paid yet', { status: 'pending', paymentStatus: 'unpaid' }],
    ['that ended unpaid', { status: 'cancelled', cancelReason: 'expired', paymentStatus: 'unpaid' }],
    ['of another account', { userId: newId('user') }],
  ] as const)('does not give it an order %s', async (_, over) => {
    const order = aGuestOrder(over)
    const shop = shopWith({ orders: [order] })
    await receive(shop)
    expect(shop.find(order.id)).toEqual(order)
  })

  it('gives its account what a guest pays for later, too', async () => {
    const order = aGuestOrder()
    const shop = shopWith()
    await receive(shop)
    const paid = shopWith({ orders: [order], over: { claims: shop.deps.claims } })
    await paid.deps.orders.insert({ order, events: [], giftCards: [] }, { customerKey: '', counters: [] })
    const claimed: string[] = []
    const settled: unknown[] = []
    const payload = { orderId: order.id, userId: null } as never
    const due = [
      { id: 9, type: 'order.paid', version: 1, key: order.id, sequence: 2, payload, createdAt: NOW } as const,
    ]
    const swept = await claimPaidOrders({
      ...paid.deps,
      claims: { ...paid.deps.claims, claimThese: async (ids) => claimed.push(...ids) },
      events: {
        ...paid.deps.events,
        pull: async () => due,
        settle: async ({ receipts }) => {
          settled.push(...receipts)
          return 0
        },
      },
    })
    expect([swept.done, claimed, settled]).toEqual([1, [order.id], [{ eventId: 9, outcome: 'done' }]])
  })

  it('of an account that does not exist any more gives nothing to anybody', async () => {
    const order = aGuestOrder()
    const shop = shopWith({ orders: [order] })
    const odd = { ...verified(OWNER_ID, ADA), payload: { userId: 'nobody', role: 'customer' as const } }
    expect(await receiveUsersEvents(shop.deps, [odd])).toEqual({
      ok: true,
      value: [{ eventId: 1, outcome: 'failed', failure: 'invalid_event' }],
    })
    expect(shop.find(order.id)).toEqual(order)
  })

  it('that another account has verified since is skipped', async () => {
    const shop = shopWith({ orders: [aGuestOrder()] })
    const later = {
      ...verified(newId('user'), ADA),
      details: { emailKey: normalEmail(ADA), verifiedAt: new Date(NOW.getTime() + 1) },
    }
    await receiveUsersEvents(shop.deps, [later])
    expect(await receive(shop)).toEqual({ ok: true, value: [{ eventId: 1, outcome: 'skipped' }] })
  })
})

describe('an order that an account has claimed', () => {
  async function claimed() {
    const order = aGuestOrder()
    const shop = shopWith({ orders: [order] })
    await receive(shop)
    const token = { 'x-order-token': await shop.deps.tokens.of(order.id) }
    return { shop, order, token, path: `/api/orders/${order.id}` }
  }

  it('goes on opening by its token, which shows nothing of the account', async () => {
    const { shop, path, token, order } = await claimed()
    const before = shopWith({ orders: [order] })
    for (const caller of [undefined, STRANGER]) {
      const sent = { headers: token, ...(caller && { caller }) }
      const seen = await shop.send('GET', path, sent)
      const seenBefore = await before.send('GET', path, sent)
      expect([seen.status, seen.body, seen.headers.get('etag')]).toEqual([
        200,
        seenBefore.body,
        seenBefore.headers.get('etag'),
      ])
      expect(JSON.stringify(seen.body)).not.toContain(OWNER_ID)
      const [events, eventsBefore] = [
        await shop.send('GET', `${path}/events`, sent),
        await before.send('GET', `${path}/events`, sent),
      ]
      expect(events.body).toEqual(eventsBefore.body)
    }
  })

  it('belongs to the account, and staff see to which', async () => {
    const { shop, path } = await claimed()
    for (const caller of [OWNER, ADMIN]) {
      expect((await shop.send('GET', path, { caller })).body).toMatchObject({ order: { user_id: OWNER_ID } })
    }
  })

  it('is not found by others, nor with a wrong token', async () => {
    const { shop, path } = await claimed()
    const wrong = { 'x-order-token': await shop.deps.tokens.of(newId('order')) }
    expect((await shop.send('GET', path, { caller: STRANGER })).status).toBe(404)
    expect((await shop.send('GET', path, { headers: wrong })).status).toBe(404)
  })

  it('is answered to the guest who repeats the request that placed it, as before', async () => {
    const shop = shopWith()
    const request = {
      body: { items: [{ variant_id: 11, quantity: 1 }], email: ADA, shipping_address: '1 Main St' },
      headers: { 'idempotency-key': crypto.randomUUID() },
    }
    const placed = await shop.send('POST', '/api/orders', request)
    const { id } = placed.body.order as { id: Order['id'] }
    const order = shop.find(id)
    if (order === undefined) throw new Error('The order was placed')
    Object.assign(order, { ...PAID, userId: OWNER_ID, claimedAt: NOW })
    const again = await shop.send('POST', '/api/orders', request)
    expect(again.body).toMatchObject({ order: { id, user_id: null }, order_token: placed.body.order_token })
  })
})
