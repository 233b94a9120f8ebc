import { newId } from '@shop/http/ids'
import { expect, it } from 'vitest'
import { findCurrentCart } from '../../../src/carts/internal/find-current-cart.ts'
import { readCart } from '../../../src/carts/internal/read-cart.ts'
import { aCart, anItem, GUEST } from '../../support/carts.ts'
import { OWNER_ID } from '../../support/shop-with.ts'
import { testDeps } from '../../support/test-deps.ts'

it("a guest's cart that an account completed is its current one when it is open again, also where its row was lost", async () => {
  const { deps } = testDeps()
  const made = aCart({ items: [anItem()], status: 'completed', orderId: newId('order'), userId: OWNER_ID })
  const access = { userId: OWNER_ID, isStaff: false, hasToken: false }
  await deps.carts.create(made.id, { cart: made, key: { key: 'made', requestHash: '' }, access: GUEST })
  expect(await findCurrentCart(deps, OWNER_ID)).toBeUndefined()
  // None of the orders that stand is of this cart: its order was cancelled unpaid.
  await readCart(deps, { cartId: made.id, access })
  expect(await findCurrentCart(deps, OWNER_ID)).toMatchObject({ id: made.id, status: 'open' })
})
