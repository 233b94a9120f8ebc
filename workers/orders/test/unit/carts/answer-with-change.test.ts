import { ANONYMOUS } from '@shop/kernel/caller'
import { describe, expect, it } from 'vitest'
import { addCartItem } from '../../../src/carts/add-cart-item.ts'
import type { Cart } from '../../../src/carts/domain/cart.ts'
import type { OrdersDeps } from '../../../src/deps.ts'
import { aCart, anItem, anOffer, aWrite, GUEST } from '../../support/carts.ts'
import { testDeps } from '../../support/test-deps.ts'

/** A guest's cart, whose object counts its calls. @param beforeWrite what another request does meanwhile */
async function cartOfGuest(over: Partial<Cart> = {}, beforeWrite?: (deps: OrdersDeps, cart: Cart) => Promise<unknown>) {
  const { deps } = testDeps()
  const calls: string[] = []
  const cart = aCart(over)
  await deps.carts.create(cart.id, { cart, key: { key: 'made', requestHash: '' }, access: GUEST })
  const carts: OrdersDeps['carts'] = {
    ...deps.carts,
    read: (...request) => {
      calls.push('read')
      return deps.carts.read(...request)
    },
    saveAnswer: (...request) => {
      calls.push('saveAnswer')
      return deps.carts.saveAnswer(...request)
    },
    write: async (...request) => {
      calls.push('write')
      await beforeWrite?.(deps, cart)
      return deps.carts.write(...request)
    },
  }
  const add = async () =>
    addCartItem(
      { ...deps, carts },
      {
        ...{ cartId: cart.id, caller: ANONYMOUS, cartToken: await deps.cartTokens.of(cart.id) },
        ...{ versions: undefined, item: { variantId: 11, quantity: 2 } },
      },
    )
  const read = async () => {
    const found = await deps.carts.read(cart.id, { access: GUEST })
    return found.ok ? found.value.cart : undefined
  }
  return { add, read, calls }
}

describe('a change of a cart', () => {
  it('is stored together with the total that it shows', async () => {
    const { add, read, calls } = await cartOfGuest()
    const answer = await add()
    expect(answer).toMatchObject({ ok: true, value: { purchase: { total: 2_000 }, isReplayed: false } })
    expect(calls).toEqual(['read', 'write'])
    expect(await read()).toMatchObject({ version: 2, lastAnswer: { total: 2_000 } })
    expect(answer.ok && answer.value.cart).toEqual(await read())
  })

  it('shows the cart as it is when another request changed it meanwhile, and stores that total', async () => {
    const { add, read, calls } = await cartOfGuest({}, (deps, { id }) => {
      const change = { kind: 'add_items', items: [anItem({ variantId: 12 })] } as const
      return deps.carts.write(id, {
        ...aWrite(change, [anOffer({ variantId: 12 })]),
        key: { key: 'b', requestHash: '' },
      })
    })
    expect(await add()).toMatchObject({ ok: true, value: { purchase: { total: 3_000 }, cart: { version: 3 } } })
    expect(calls).toEqual(['read', 'write', 'saveAnswer'])
    expect(await read()).toMatchObject({ version: 3, lastAnswer: { total: 3_000 } })
  })

  it('that is refused stores nothing', async () => {
    const items = Array.from({ length: 100 }, (_, n) => anItem({ variantId: 100 + n }))
    const { add, read } = await cartOfGuest({ items })
    expect(await add()).toMatchObject({ ok: false, failure: { code: 'cart_too_large' } })
    expect(await read()).toMatchObject({ version: 1, lastAnswer: null })
  })
})
