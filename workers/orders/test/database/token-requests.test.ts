import { newId } from '@shop/http/ids'
import type { OrderId } from '@shop/kernel/ids'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { customerKeyOf } from '../../src/buyers/customer-key.ts'
import { ordersRepositories } from '../../src/deps.ts'
import type { Order } from '../../src/orders/domain/order.ts'
import { anOrder, placing } from '../support/orders.ts'

let database: ServiceDatabase
let shop: ReturnType<typeof ordersRepositories>

beforeAll(async () => {
  database = await startDatabase()
  shop = ordersRepositories(database.as('orders'))
})
afterAll(() => database.stop())

const now = new Date('2026-12-01T10:00:00.000Z')
const later = (seconds: number) => new Date(now.getTime() + seconds * 1_000)
const anEmail = () => `${crypto.randomUUID()}@example.com`

async function placed(over: Partial<Order> = {}): Promise<Order> {
  const order = anOrder({ userId: null, email: anEmail(), ...over })
  const buyer =
    order.userId === null ? { userId: null, email: order.email ?? '' } : { userId: order.userId, email: null }
  await shop.orders.insert(placing(order), { customerKey: await customerKeyOf(buyer), counters: [] })
  return order
}
const ask = async (orderId: OrderId, email: string | null, at = now) =>
  shop.tokenRequests.ask(
    {
      orderId,
      customerKey: await customerKeyOf({ userId: null, email: email ?? '' }),
      requestKey: `${orderId} ${email}`,
    },
    at,
  )
const requestsOf = async (id: OrderId) =>
  (await shop.events.list({ key: id, type: 'order.token_requested', limit: 50 })).toReversed()

describe('a request for the token of a guest’s order', () => {
  it('with its address writes an event for the mail, which has no token', async () => {
    const order = await placed()
    await ask(order.id, order.email)
    const [event, ...others] = await requestsOf(order.id)
    expect(event).toMatchObject({ payload: { orderId: order.id }, deliveries: [{ consumer: 'notifications' }] })
    expect([others, Object.keys(event?.payload ?? {})]).toEqual([[], ['orderId']])
    expect(await shop.tokenRequests.listAsked([event?.id ?? 0], now)).toEqual([
      { eventId: event?.id, orderId: order.id, to: order.email },
    ])
  })

  it.each([
    ['with another address', async () => ({ id: (await placed()).id, email: anEmail() })],
    [
      'of an account',
      async () => ({ id: (await placed({ userId: newId('user'), email: null })).id, email: anEmail() }),
    ],
    ['that does not exist', async () => ({ id: newId('order'), email: anEmail() })],
  ])('%s writes none, by the same single statement', async (_, named) => {
    const { id, email } = await named()
    database.resetCounts()
    await ask(id, email)
    expect(database.counts().roundTrips).toBe(1)
    expect(await requestsOf(id)).toEqual([])
  })

  it('of an order of an account is refused by the address that it was sent to, too', async () => {
    const order = await placed({ userId: newId('user'), email: anEmail() })
    await ask(order.id, order.email)
    expect(await requestsOf(order.id)).toEqual([])
  })

  it('leads to five mails in an hour, however many there are at once, and to another one after it', async () => {
    const order = await placed()
    await Promise.all(Array.from({ length: 20 }, (_, n) => ask(order.id, order.email, later(n))))
    expect(await requestsOf(order.id)).toHaveLength(5)
    await ask(order.id, order.email, later(3_700))
    expect(await requestsOf(order.id)).toHaveLength(6)
  })

  it('leads to twenty mails in an hour to one address, however many orders a stranger places with it', async () => {
    const email = anEmail()
    const orders = await Promise.all(Array.from({ length: 6 }, () => placed({ email })))
    await Promise.all(orders.flatMap(({ id }) => Array.from({ length: 5 }, (_, n) => ask(id, email, later(n)))))
    const mails = async () => (await Promise.all(orders.map(({ id }) => requestsOf(id)))).flat()
    expect(await mails()).toHaveLength(20)
    await Promise.all(orders.map(({ id }) => ask(id, email, later(3_700))))
    expect(await mails()).toHaveLength(26)
  })

  it('with wrong addresses does not use up the mails of the guest', async () => {
    const order = await placed()
    const wrong = anEmail()
    for (let times = 0; times < 9; times += 1) await ask(order.id, wrong, later(times))
    await ask(order.id, order.email)
    expect(await requestsOf(order.id)).toHaveLength(1)
  })

  it('works on after an account has claimed the order', async () => {
    const order = await placed()
    await database.as('orders').execute(sql`
      update orders.orders set status = 'processing', payment_status = 'paid', user_id = 'user_1', claimed_at = now(),
        counted_in = '{}', counted_units = 0 where id = ${order.id}`)
    await ask(order.id, order.email)
    const [event] = await requestsOf(order.id)
    expect(await shop.tokenRequests.listAsked([event?.id ?? 0], now)).toMatchObject([{ to: order.email }])
  })

  it('has no mail an hour later, and is forgotten by then', async () => {
    const order = await placed()
    await ask(order.id, order.email)
    const [event] = await requestsOf(order.id)
    expect(await shop.tokenRequests.listAsked([event?.id ?? 0], later(3_600))).toEqual([])
    expect(await shop.tokenRequests.prune(later(90_000))).toBeGreaterThan(0)
    expect(await shop.tokenRequests.prune(later(90_000))).toBe(0)
  })
})
