import { describe, expect, it } from 'vitest'
import { usePlatform } from './support/use-platform.ts'

const stage = usePlatform({ vars: { CART_ABANDONED_SECONDS: '1' } })

/** A cart of a guest with one item, with an e-mail address or without. */
async function guestCart(email: string | null) {
  const { shop, admin } = stage
  const product = await shop.addProduct(admin)
  const body = { items: [{ product_id: product.id, quantity: 2 }] }
  const { cart, cart_token: token } = (await shop.request('POST', '/api/carts', { body })).body
  const as = { headers: { 'x-cart-token': token } }
  await shop.request('PATCH', `/api/carts/${cart.id}`, { ...as, body: { email } })
  return { id: cart.id, as }
}

async function eventsOf(id: string): Promise<unknown[]> {
  const found = await stage.shop.request('GET', `/api/events/orders?key=${id}`, { token: stage.admin.token })
  return found.body.events
}

describe('a cart that nobody changes any more', () => {
  it('is announced once if there is an e-mail address, which the event does not have', async () => {
    const { id } = await guestCart('ada@example.com')
    const sweep = async () => {
      await stage.platform.sweep()
      return eventsOf(id)
    }
    await expect.poll(sweep, { timeout: 10_000, interval: 500 }).toHaveLength(1)
    const [event] = await sweep()
    expect(await eventsOf(id)).toHaveLength(1)
    const payload = { cartId: id, userId: null, itemCount: 2, total: 2_500, currency: 'USD' }
    expect(event).toMatchObject({ type: 'cart.abandoned', payload })
    expect(JSON.stringify(event)).not.toContain('ada@')
  })

  it('is not announced where its buyer cannot be found, or has ordered', async () => {
    const [unknown, ordered, idle] = await Promise.all([
      guestCart(null),
      guestCart('grace@example.com'),
      guestCart('ada@example.com'),
    ])
    const path = `/api/carts/${ordered.id}/complete`
    expect((await stage.shop.request('POST', path, { ...ordered.as, body: {} })).status).toBe(201)
    const sweep = async () => {
      await stage.platform.sweep()
      return eventsOf(idle.id)
    }
    await expect.poll(sweep, { timeout: 10_000, interval: 500 }).toHaveLength(1)
    expect([await eventsOf(unknown.id), await eventsOf(ordered.id)]).toEqual([[], []])
  })
})
