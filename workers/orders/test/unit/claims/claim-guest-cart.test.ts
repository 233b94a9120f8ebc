import { newId } from '@shop/http/ids'
import { describe, expect, it } from 'vitest'
import { claimGuestCart } from '../../../src/carts/claim-guest-cart.ts'
import { claimCart } from '../../../src/carts/domain/claim-cart.ts'
import { type Body, guestCart, item, ownCart } from '../../support/cart-shop.ts'
import { aCart, anItem } from '../../support/carts.ts'
import { OWNER, OWNER_ID, shopWith } from '../../support/shop-with.ts'
import { NOW } from '../../support/test-deps.ts'

const email = 'ada@example.com'
const account = { userId: OWNER_ID, email }
const later = new Date(NOW.getTime() + 1_000)
const filled = { items: [anItem()], email: 'Ada@Example.com' }
const NOT_FOUND = { ok: false, failure: { code: 'cart_not_found' } }

describe('a guest’s cart with the verified address of an account', () => {
  it('becomes one of the account: items and codes stay, and what else was entered is forgotten', () => {
    const entered = {
      codes: ['TEN'],
      note: 'Ring',
      shippingAddress: { line1: '1 Main St' },
      shippingOptionId: 'shopt_1',
    }
    const cart = aCart({ ...filled, ...entered })
    expect(claimCart(cart, account, later)).toEqual({
      ok: true,
      value: {
        ...cart,
        ...{ userId: OWNER_ID, note: null, shippingAddress: null, shippingOptionId: null },
        ...{ updatedAt: later, version: cart.version + 1 },
      },
    })
  })

  it('is claimed once: a repeated claim changes nothing', () => {
    const cart = aCart({ ...filled, userId: OWNER_ID })
    expect(claimCart(cart, account, later)).toEqual({ ok: true, value: cart })
  })

  it.each([
    ['without an address', { items: [anItem()] }],
    ['with another address', { ...filled, email: 'ada@example.org' }],
    ['without items', { email }],
    ['of another account', { ...filled, userId: newId('user') }],
  ])('%s is not the account’s', (_, over) => {
    expect(claimCart(aCart(over), account, later)).toEqual(NOT_FOUND)
  })

  it.each(['completing', 'completed', 'merged', 'expired'] as const)('that is %s stays as it is', (status) => {
    const failure = { code: 'cart_not_open', cartStatus: status }
    expect(claimCart(aCart({ ...filled, status }), account, later)).toEqual({ ok: false, failure })
  })
})

describe('claiming a cart', () => {
  const withAddress = async (shop: ReturnType<typeof shopWith>) => {
    const guest = await guestCart(shop)
    await shop.send('PATCH', guest.path, { ...guest.as, body: { email: 'Ada@Example.com' } })
    return guest
  }
  const current = async (shop: ReturnType<typeof shopWith>) =>
    ((await shop.send('GET', '/api/carts/current', { caller: OWNER })).body as Body).cart

  it('makes it the current cart of an account that has none, and its token opens it no more', async () => {
    const shop = shopWith()
    const guest = await withAddress(shop)
    for (let times = 0; times < 20; times += 1) await claimGuestCart(shop.deps, account)
    expect(await current(shop)).toMatchObject({ id: guest.cart.id, items: [{ quantity: item.quantity }], version: 3 })
    expect((await shop.send('GET', guest.path, guest.as)).status).toBe(404)
  })

  it('leaves it to the guest where the account has a current cart', async () => {
    const shop = shopWith()
    const own = await ownCart(shop)
    const guest = await withAddress(shop)
    await claimGuestCart(shop.deps, account)
    expect((await current(shop)).id).toBe(own.cart.id)
    expect((await shop.send('GET', guest.path, guest.as)).status).toBe(200)
  })

  it('takes one of several', async () => {
    const shop = shopWith()
    const guests = [await withAddress(shop), await withAddress(shop)]
    await claimGuestCart(shop.deps, account)
    const statuses = await Promise.all(guests.map(async ({ path, as }) => (await shop.send('GET', path, as)).status))
    expect(statuses.toSorted()).toEqual([200, 404])
  })

  it('goes on where the call before was lost between the cart and its row', async () => {
    const shop = shopWith()
    const guest = await withAddress(shop)
    await shop.deps.carts.claim(guest.cart.id as Parameters<typeof shop.deps.carts.claim>[0], account)
    await claimGuestCart(shop.deps, account)
    expect((await current(shop)).id).toBe(guest.cart.id)
  })
})
