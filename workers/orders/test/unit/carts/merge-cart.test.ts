import { ok } from '@shop/kernel/result'
import { describe, expect, it } from 'vitest'
import { type Body, guestCart, item, key, ownCart, quoting, type Shop } from '../../support/cart-shop.ts'
import { aCart } from '../../support/carts.ts'
import { ADMIN, OWNER, OWNER_ID, STRANGER, shopWith } from '../../support/shop-with.ts'
import { NOW, quoteOf } from '../../support/test-deps.ts'

describe('GET /api/carts/current', () => {
  it('is the newest open cart of the account', async () => {
    const shop = shopWith()
    const none = await shop.send('GET', '/api/carts/current', { caller: OWNER })
    expect([none.status, none.body.code]).toEqual([404, 'cart_not_found'])
    const older = await ownCart(shop)
    const newer = await ownCart(shop)
    const current = async () => ((await shop.send('GET', '/api/carts/current', { caller: OWNER })).body as Body).cart.id
    expect(await current()).toBe(newer.cart.id)
    await shop.send('DELETE', newer.path, newer.as)
    expect(await current()).toBe(older.cart.id)
  })

  it('is an older open one behind many that have expired, which are not asked again', async () => {
    let now = NOW
    const shop = shopWith({ over: { now: () => now } })
    const passDays = (days: number) => {
      now = new Date(now.getTime() + days * 86_400_000)
    }
    const older = await ownCart(shop)
    for (let made = 0; made < 6; made++) await ownCart(shop)
    passDays(29)
    await shop.send('PATCH', older.path, { ...older.as, body: { note: 'Ring twice' } })
    passDays(2)
    const current = await shop.send('GET', '/api/carts/current', { caller: OWNER })
    expect((current.body as Body).cart?.id).toBe(older.cart.id)
    expect(await shop.deps.cartRows.listNewest({ userId: OWNER_ID, limit: 20 })).toEqual([older.cart.id])
  })

  it('needs an account', async () => {
    expect((await shopWith().send('GET', '/api/carts/current')).status).toBe(401)
  })
})

describe('POST /api/carts/{id}/merge', () => {
  const merge = (shop: Shop, { path, as }: { path: string; as: { headers: Record<string, string> } }, caller = OWNER) =>
    shop.send('POST', `${path}/merge`, { caller, ...as })

  it('puts the items of the guest into the current cart, the larger quantity of each, once', async () => {
    const shop = shopWith()
    const own = await ownCart(shop)
    const guest = await guestCart(shop, {
      items: [
        { ...item, quantity: 5 },
        { variant_id: 12, quantity: 1 },
      ],
    })
    const merged = await merge(shop, guest)
    expect(merged.status).toBe(200)
    expect(merged.body).toMatchObject({ cart: { id: own.cart.id, items: [{ quantity: 5 }, { quantity: 1 }] } })
    const again = await merge(shop, guest)
    expect([again.body, again.headers.get('idempotency-replayed')]).toEqual([merged.body, 'true'])
    expect((await shop.send('GET', guest.path, guest.as)).body).toMatchObject({ cart: { status: 'merged' } })
  })

  it('makes a cart where the account has none, with what the guest has entered', async () => {
    const shop = shopWith()
    const guest = await guestCart(shop)
    await shop.send('PATCH', guest.path, { ...guest.as, body: { note: 'Ring twice' } })
    const merged = await merge(shop, guest)
    expect(merged.body).toMatchObject({ cart: { note: 'Ring twice', items: [{ quantity: 2 }] } })
    const current = await shop.send('GET', '/api/carts/current', { caller: OWNER })
    expect((current.body as Body).cart.id).toBe((merged.body as Body).cart.id)
  })

  it.each(['into the cart that the account has', 'into the one that the first merge has made'])(
    'refuses the key of another merge %s, and leaves the items with the guest',
    async (into) => {
      const shop = shopWith()
      if (into === 'into the cart that the account has') await ownCart(shop)
      const [one, other] = [await guestCart(shop), await guestCart(shop)]
      const sent = key()
      const withKey = ({ path, as }: typeof one) =>
        shop.send('POST', `${path}/merge`, { caller: OWNER, headers: { ...as.headers, ...sent } })
      const merged = await withKey(one)
      expect(merged.status).toBe(200)
      const refused = await withKey(other)
      expect([refused.status, refused.body.code]).toEqual([422, 'idempotency_key_reused'])
      expect((await shop.send('GET', other.path, other.as)).body).toMatchObject({ cart: { status: 'open' } })
      const again = await withKey(one)
      expect([again.body, again.headers.get('idempotency-replayed')]).toEqual([merged.body, 'true'])
    },
  )

  it('makes no cart again that the account has deleted', async () => {
    const shop = shopWith()
    const guest = await guestCart(shop)
    const { cart } = (await merge(shop, guest)).body as Body
    await shop.send('DELETE', `/api/carts/${cart.id}`, { caller: OWNER })
    const again = await merge(shop, guest)
    expect([again.status, again.body.code]).toEqual([404, 'cart_not_found'])
    expect((await shop.send('GET', '/api/carts/current', { caller: OWNER })).status).toBe(404)
  })

  it('makes a cart where the current one is deleted at the same time', async () => {
    const shop = shopWith()
    const own = await ownCart(shop)
    const guest = await guestCart(shop)
    const { markMerged } = shop.deps.carts
    shop.deps.carts.markMerged = async (...asked) => {
      await shop.send('DELETE', own.path, own.as)
      return markMerged(...asked)
    }
    const merged = await merge(shop, guest)
    expect([merged.status, merged.body]).toMatchObject([200, { cart: { items: [{ quantity: 2 }] } }])
    expect((merged.body as Body).cart.id).not.toBe(own.cart.id)
  })

  it('shows no price of another currency as an earlier one', async () => {
    const prices: Record<string, number> = { USD: 1_000, EUR: 900 }
    const shop = shopWith({
      catalog: {
        quoteEach: async ({ refs, currency = aCart().currency }) =>
          ok(refs.map((ref) => ok(quoteOf(1, { ...ref, price: prices[currency] ?? 0, currency })))),
      },
    })
    await ownCart(shop, { currency: 'EUR' })
    const guest = await guestCart(shop, { currency: 'USD', items: [item] })
    const merged = await merge(shop, guest)
    expect(merged.body).toMatchObject({ cart: { currency: 'EUR', items: [{ unit_price: 9 }], messages: [] } })
  })

  it('shows the price that has changed since the guest saw it', async () => {
    let price = 1_000
    const shop = shopWith({ catalog: quoting(() => ({ price })) })
    await ownCart(shop, {})
    const guest = await guestCart(shop)
    price = 1_100
    const messages = [{ code: 'price_changed', from: 10, to: 11 }]
    expect((await merge(shop, guest)).body).toMatchObject({ cart: { messages } })
    const shown = await shop.send('GET', '/api/carts/current', { caller: OWNER })
    expect(shown.body).toMatchObject({ cart: { messages: [] } })
  })

  it('leaves the items with the guest where there are too many', async () => {
    const shop = shopWith()
    const lines = (from: number) => Array.from({ length: 60 }, (_, n) => ({ variant_id: from + n, quantity: 1 }))
    await ownCart(shop, { items: lines(100) })
    const guest = await guestCart(shop, { items: lines(200) })
    const refused = await merge(shop, guest)
    expect([refused.status, refused.body.code]).toEqual([422, 'cart_too_large'])
    expect((await shop.send('GET', guest.path, guest.as)).body).toMatchObject({ cart: { status: 'open' } })
  })

  it('needs an account and the token, and shows a merged cart to no other account', async () => {
    const shop = shopWith()
    const guest = await guestCart(shop)
    expect((await shop.send('POST', `${guest.path}/merge`, guest.as)).status).toBe(401)
    expect((await shop.send('POST', `${guest.path}/merge`, { caller: OWNER })).status).toBe(404)
    expect((await shop.send('POST', `${guest.path}/merge`, { caller: ADMIN })).status).toBe(404)
    await merge(shop, guest)
    expect((await merge(shop, guest, STRANGER)).status).toBe(404)
  })
})
