import { ANONYMOUS, type Caller } from '@shop/kernel/caller'
import { describe, expect, it } from 'vitest'
import { adjustStock } from '../../../src/stock/adjust-stock.ts'
import { aCatalog, CUSTOMER, later, NOW, STAFF } from '../../support/catalog.ts'

const COLLEAGUE: Caller = { kind: 'user', userId: 'user_colleague', role: 'admin' }
const delivery = { delta: 20, reason: 'receive', note: 'PO 17', idempotencyKey: 'delivery' } as const

describe('adjusting the stock of a product', () => {
  it.each([
    ['authentication_required', ANONYMOUS],
    ['forbidden', CUSTOMER],
  ] as const)('answers %s to callers who are not staff', async (code, caller) => {
    const shop = aCatalog()
    const { id } = await shop.addProduct()
    const refused = await adjustStock(shop.deps, caller, { productId: id, ...delivery })
    expect(refused).toEqual({ ok: false, failure: { code } })
    expect(shop.level(id).onHand).toBe(50)
  })

  it('adds the units, and records who did it and why', async () => {
    const shop = aCatalog()
    const { id } = await shop.addProduct()
    expect(await adjustStock(shop.deps, STAFF, { productId: id, ...delivery })).toEqual({
      ok: true,
      value: {
        movement: {
          key: 'adjust:user_admin:delivery',
          reason: 'receive',
          requested: 20,
          delta: 20,
          onHand: 70,
          held: 0,
          note: 'PO 17',
          actor: 'user_admin',
          at: NOW,
        },
        repeated: false,
        variant: expect.objectContaining({ id: 1, productId: 1 }),
      },
    })
  })

  it('returns the first movement when the request is repeated, and moves nothing', async () => {
    const shop = aCatalog()
    const { id } = await shop.addProduct()
    const first = await adjustStock(shop.deps, STAFF, { productId: id, ...delivery })
    shop.clock.now = later(60)
    const again = await adjustStock(shop.deps, STAFF, { productId: id, ...delivery })
    expect(again).toMatchObject({ ok: true, value: { movement: first.ok && first.value.movement, repeated: true } })
    expect(shop.level(id).onHand).toBe(70)
  })

  it('refuses the key of another adjustment by the same user', async () => {
    const shop = aCatalog()
    const { id } = await shop.addProduct()
    await adjustStock(shop.deps, STAFF, { productId: id, ...delivery })
    const other = await adjustStock(shop.deps, STAFF, { productId: id, ...delivery, delta: 21 })
    expect(other).toEqual({ ok: false, failure: { code: 'idempotency_key_reused' } })
  })

  it('keeps the keys of users apart', async () => {
    const shop = aCatalog()
    const { id } = await shop.addProduct()
    await adjustStock(shop.deps, STAFF, { productId: id, ...delivery })
    await adjustStock(shop.deps, COLLEAGUE, { productId: id, ...delivery })
    expect(shop.level(id).onHand).toBe(90)
  })

  it('removes no held units', async () => {
    const shop = aCatalog()
    const { id, variantId } = await shop.addProduct()
    shop.stockOf(variantId).hold({ holdId: 'order_a', quantity: 3, expiresAt: later(60) }, NOW)
    const damage = { productId: id, delta: -48, reason: 'damage', idempotencyKey: 'broken' } as const
    expect(await adjustStock(shop.deps, STAFF, damage)).toEqual({
      ok: false,
      failure: { code: 'stock_below_held', held: 3, onHand: 50 },
    })
  })

  it('answers product_not_found for an unknown product', async () => {
    expect(await adjustStock(aCatalog().deps, STAFF, { productId: 99, ...delivery })).toEqual({
      ok: false,
      failure: { code: 'product_not_found', productId: 99 },
    })
  })
})
