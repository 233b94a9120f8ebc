import { newId } from '@shop/http/ids'
import { describe, expect, it } from 'vitest'
import { type Body, guestCart, item, ownCart, type Shop } from '../../support/cart-shop.ts'
import { ADMIN, OWNER, STRANGER, shopWith } from '../../support/shop-with.ts'

const CALLS: [method: string, path: string, body: object | undefined][] = [
  ['GET', '', undefined],
  ['PATCH', '', { note: 'Ring twice' }],
  ['DELETE', '', undefined],
  ['POST', '/items', item],
  ['PATCH', '/items/ITEM', { quantity: 3 }],
  ['DELETE', '/items/ITEM', undefined],
]

describe.each(CALLS)('%s /api/carts/{id}%s', (method, rest, body) => {
  const call = async (shop: Shop, { path, cart }: { path: string; cart: Body['cart'] }, as: object) =>
    shop.send(method, `${path}${rest.replace('ITEM', cart.items[0]?.id ?? '')}`, { body, ...as })
  const NOT_FOUND = [404, 'cart_not_found']

  it('is for the guest who has the token, and for an account that has it', async () => {
    for (const caller of [{}, { caller: STRANGER }]) {
      const shop = shopWith()
      const made = await guestCart(shop)
      expect((await call(shop, made, { ...made.as, ...caller })).status).toBe(200)
    }
  })

  it('is for the account that made the cart', async () => {
    const shop = shopWith()
    const made = await ownCart(shop)
    expect((await call(shop, made, made.as)).status).toBe(200)
  })

  it.each([
    ['nobody', {}],
    ['a guest with another token', { headers: { 'x-cart-token': `v1.${'A'.repeat(43)}` } }],
    ['a guest with what is no token', { headers: { 'x-cart-token': 'x' } }],
    ['a stranger', { caller: STRANGER }],
  ])('finds no cart for %s', async (_, as) => {
    const shop = shopWith()
    for (const made of [await guestCart(shop), await ownCart(shop)]) {
      const refused = await call(shop, made, as)
      expect([refused.status, refused.body.code]).toEqual(NOT_FOUND)
    }
  })

  it('lets staff read', async () => {
    const shop = shopWith()
    const made = await guestCart(shop)
    expect((await call(shop, made, { caller: ADMIN })).status).toBe(method === 'GET' ? 200 : 404)
  })

  it('finds nothing where there is no such cart', async () => {
    const shop = shopWith()
    for (const id of [newId('cart'), 'cart_1', 'x']) {
      const refused = await call(shop, { ...(await ownCart(shop)), path: `/api/carts/${id}` }, { caller: OWNER })
      expect([refused.status, refused.body.code]).toEqual(NOT_FOUND)
    }
  })

  if (method !== 'GET') {
    it('is refused where the cart has changed since', async () => {
      const shop = shopWith()
      const made = await ownCart(shop)
      const refused = await call(shop, made, { ...made.as, headers: { 'if-match': '"9"' } })
      expect([refused.status, refused.body.code]).toEqual([412, 'version_conflict'])
      expect((await call(shop, made, { ...made.as, headers: { 'if-match': '"1-abc"' } })).status).toBe(200)
    })
  }

  if (body !== undefined) {
    it('refuses a malformed body, but tells a caller without a credential nothing about it', async () => {
      const shop = shopWith()
      const made = await ownCart(shop)
      const sent = { ...made.as, body: { nothing: 'known' } }
      const refused = await shop.send(method, `${made.path}${rest}`, sent)
      expect([refused.status, refused.body.code]).toEqual([422, 'validation_failed'])
      const anonymous = await shop.send(method, `${made.path}${rest}`, { body: '{' })
      expect([anonymous.status, anonymous.body.code]).toEqual(NOT_FOUND)
    })
  }
})
