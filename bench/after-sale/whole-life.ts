import { setTimeout as sleep } from 'node:timers/promises'
import { type Answer, type Ask, tripsOf } from '../http.ts'
import type { Shop } from '../shop.ts'

/** The requests of one order's life. */
export const LIFE = 'place, pay, ship, deliver, refund one unit of two'

export const DEPENDENCIES = ['postgres', 'redis', 'stripe'] as const
type Trips = Record<(typeof DEPENDENCIES)[number], number>
type Life = ((n: number) => Promise<void>) & { trips(): Trips }

/** While payments still tell the order what it was paid, its shipment is refused as changed. */
const TRIES = 20
const PAUSE_MS = 50

/** The whole life of the n-th order, and the round trips that its requests have made so far, as their answers say. */
export function wholeLife(ask: Ask, shop: Shop): Life {
  const trips: Trips = { postgres: 0, redis: 0, stripe: 0 }
  const counted = async (...request: Parameters<Ask>): Promise<Answer> => {
    const answer = await ask(...request)
    const made = tripsOf(answer)
    for (const name of DEPENDENCIES) trips[name] += made[name] ?? 0
    return answer
  }
  const live = async (n: number) => {
    const headers = shop.customers[n % shop.customers.length] ?? {}
    const items = [{ product_id: shop.products[n % shop.products.length], quantity: 2 }]
    const { order } = bodyOf(await counted('POST', '/api/orders', { expected: 201, headers, json: { items } }))
    const pay = { order_id: order.id, payment_method: 'pm_card_visa' }
    const { payment } = bodyOf(await counted('POST', '/api/payments', { expected: 201, headers, json: pay }))
    const line_id = order.items[0]?.id
    const asStaff = (path: string, json: object) => {
      const keyed = { ...shop.admin, 'idempotency-key': crypto.randomUUID() }
      return counted('POST', path, { expected: 201, headers: keyed, json })
    }
    const ship = () => asStaff(`/api/orders/${order.id}/shipments`, { items: [{ line_id, quantity: 2 }] })
    const { shipment } = bodyOf(await again(ship))
    const delivered = { expected: 200, headers: shop.admin, json: { status: 'delivered' } }
    await counted('PATCH', `/api/shipments/${shipment.id}`, delivered)
    await asStaff(`/api/payments/${payment.id}/refund`, { items: [{ line_id, quantity: 1 }] })
  }
  return Object.assign(live, { trips: () => ({ ...trips }) })
}

type Body = { order: { id: string; items: { id: string }[] }; payment: { id: string }; shipment: { id: string } }
const bodyOf = ({ body }: Answer) => JSON.parse(body) as Body

async function again(request: () => Promise<Answer>): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await request()
    } catch (error) {
      if (attempt === TRIES || !String(error).includes('order_changed')) throw error
      await sleep(PAUSE_MS)
    }
  }
}
