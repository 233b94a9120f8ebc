import type { RequestOptions } from '@shop/testing/client'
import type { Account } from '@shop/testing/shop'
import type { Stage } from '../support/use-platform.ts'
import { at, type Rows, same, signedIn, staffOnly } from './row.ts'

/** Carts, and gift cards. */
export function cartRows(stage: Stage, secret: string, stranger: () => Account): Rows {
  const newItem = async () => ({ product_id: (await stage.shop.addProduct(stage.admin)).id, quantity: 1 })

  /** A cart of the customer, whose note is the secret. */
  async function newCart() {
    const { shop, customer } = stage
    const made = await shop.request('POST', '/api/carts', { token: customer.token, body: { items: [await newItem()] } })
    const path = `/api/carts/${made.body.cart.id}`
    return (await shop.request('PATCH', path, { token: customer.token, body: { note: secret } })).body.cart
  }
  const aGiftCard = () => ({
    body: { amount: 10, currency: 'USD' },
    headers: { 'idempotency-key': crypto.randomUUID() },
  })
  async function newGiftCard(): Promise<{ id: string; code: string }> {
    const { shop, admin } = stage
    return (await shop.request('POST', '/api/gift-cards', { token: admin.token, ...aGiftCard() })).body.gift_card
  }
  const onCart =
    (rest = '', options: RequestOptions = {}) =>
    async () => ({ path: `/api/carts/${(await newCart()).id}${rest}`, ...options })
  const onCartItem =
    (options: RequestOptions = {}) =>
    async () => {
      const { id, items } = await newCart()
      return { path: `/api/carts/${id}/items/${items[0]?.id}`, ...options }
    }
  /** Without the token of a cart it is the same as where there is no cart. */
  const ownerOnly = { anonymous: 404, customer: 200, stranger: 404, admin: 404 }

  return {
    createCart: { call: at('/api/carts', { body: {} }), answers: same(201) },
    getCart: { call: onCart(), answers: { ...ownerOnly, admin: 200 }, shows: ['customer', 'admin'] },
    getCurrentCart: {
      call: async () => {
        await newCart()
        const others = [stranger(), stage.admin]
        await Promise.all(others.map(({ token }) => stage.shop.request('POST', '/api/carts', { token, body: {} })))
        return { path: '/api/carts/current' }
      },
      answers: signedIn(200),
      shows: ['customer'],
    },
    addCartGiftCard: {
      call: async () => onCart('/gift-cards', { body: { code: (await newGiftCard()).code } })(),
      answers: ownerOnly,
      shows: ['customer'],
    },
    removeCartGiftCard: {
      call: async () => {
        const [{ id }, card] = await Promise.all([newCart(), newGiftCard()])
        const { token } = stage.customer
        await stage.shop.request('POST', `/api/carts/${id}/gift-cards`, { token, body: { code: card.code } })
        return { path: `/api/carts/${id}/gift-cards/${card.id}` }
      },
      answers: ownerOnly,
      shows: ['customer'],
    },
    lookUpGiftCard: {
      call: async () => ({ path: '/api/gift-cards/lookup', body: { code: (await newGiftCard()).code } }),
      answers: same(200),
    },
    listGiftCards: { call: at('/api/gift-cards'), answers: staffOnly(200) },
    createGiftCard: {
      call: async () => ({ path: '/api/gift-cards', ...aGiftCard() }),
      answers: staffOnly(201),
    },
    getGiftCard: {
      call: async () => ({ path: `/api/gift-cards/${(await newGiftCard()).id}` }),
      answers: staffOnly(200),
    },
    updateGiftCard: {
      call: async () => ({ path: `/api/gift-cards/${(await newGiftCard()).id}`, body: { note: 'Lost' } }),
      answers: staffOnly(200),
    },
    voidGiftCard: {
      call: async () => ({ path: `/api/gift-cards/${(await newGiftCard()).id}/void` }),
      answers: staffOnly(200),
    },
    updateCart: { call: onCart('', { body: { codes: [] } }), answers: ownerOnly, shows: ['customer'] },
    deleteCart: { call: onCart(), answers: ownerOnly },
    addCartItem: {
      call: async () => onCart('/items', { body: await newItem() })(),
      answers: ownerOnly,
      shows: ['customer'],
    },
    updateCartItem: { call: onCartItem({ body: { quantity: 2 } }), answers: ownerOnly, shows: ['customer'] },
    removeCartItem: { call: onCartItem(), answers: ownerOnly, shows: ['customer'] },
    // Of guests: a cart with an owner has no token.
    mergeCart: { call: onCart('/merge'), answers: { ...same(404), anonymous: 401 } },
    completeCart: {
      call: onCart('/complete', { body: {} }),
      answers: { ...ownerOnly, customer: 201 },
      shows: ['customer'],
    },
  }
}
