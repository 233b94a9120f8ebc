import { ANONYMOUS } from '@shop/kernel/caller'
import { Unavailable } from '@shop/kernel/unavailable'
import { describe, expect, it } from 'vitest'
import { adjustStock } from '../../../src/stock/adjust-stock.ts'
import { adjustVariantStock } from '../../../src/stock/adjust-variant-stock.ts'
import { getInventory } from '../../../src/stock/get-inventory.ts'
import { getVariantInventory } from '../../../src/stock/get-variant-inventory.ts'
import { listLowStock } from '../../../src/stock/list-low-stock.ts'
import { rebuildInventory } from '../../../src/stock/rebuild-inventory.ts'
import { reconcileInventory } from '../../../src/stock/reconcile-inventory.ts'
import { aCatalog, CUSTOMER, later, NOW, STAFF } from '../../support/catalog.ts'

/** Lists another figure than is available, with a sequence that no level of the object has reached. */
function listWrongly(shop: ReturnType<typeof aCatalog>, variantId: number) {
  const listed = shop.listed.get(variantId)
  if (listed === undefined) throw new Error(`Variant ${variantId} is not listed`)
  const wrong = { ...listed, available: 7, terms: { ...listed.terms, sequence: 900 } }
  shop.listed.set(variantId, wrong)
  return wrong
}

describe('getting the inventory of a product', () => {
  it.each([ANONYMOUS, CUSTOMER])('has no ledger for callers who are not staff', async (caller) => {
    const shop = aCatalog()
    const { id } = await shop.addProduct()
    const found = await getInventory(shop.deps, caller, { productId: id, cursor: 'ignored' })
    expect(found).toEqual({
      ok: true,
      value: {
        level: { onHand: 50, held: 0, available: 50, sequence: 0 },
        variant: expect.objectContaining({ id: 1, productId: 1 }),
      },
    })
    expect(shop.opened()).toEqual([])
  })

  it('pages through the ledger for staff, newest first', async () => {
    const shop = aCatalog()
    const { id, variantId } = await shop.addProduct()
    for (const key of ['a', 'b']) shop.stockOf(variantId).adjust({ delta: 1, reason: 'receive', key }, NOW)
    const first = await getInventory(shop.deps, STAFF, { productId: id, limit: 2 })
    if (!first.ok) throw new Error(first.failure.code)
    expect(first.value.ledger?.items.map(({ key }) => key)).toEqual(['b', 'a'])
    const cursor = first.value.ledger?.nextCursor ?? ''
    const second = await getInventory(shop.deps, STAFF, { productId: id, limit: 2, cursor })
    expect(second).toMatchObject({ value: { ledger: { items: [{ key: 'opening:1' }], nextCursor: null } } })
  })

  it('refuses the cursor of another product', async () => {
    const shop = aCatalog()
    const [a, b] = [await shop.addProduct(), await shop.addProduct()]
    shop.stockOf(a.variantId).adjust({ delta: 1, reason: 'receive', key: 'a' }, NOW)
    const page = await getInventory(shop.deps, STAFF, { productId: a.id, limit: 1 })
    const cursor = page.ok ? (page.value.ledger?.nextCursor ?? '') : ''
    expect(await getInventory(shop.deps, STAFF, { productId: b.id, cursor })).toEqual({
      ok: false,
      failure: { code: 'invalid_cursor' },
    })
  })

  it('answers product_not_found for an unknown product', async () => {
    const failure = { code: 'product_not_found', productId: 99 }
    expect(await getInventory(aCatalog().deps, STAFF, { productId: 99 })).toEqual({ ok: false, failure })
  })
})

describe('the inventory of a product with several variants', () => {
  it('is that of one of them: the product alone is refused, and they are named', async () => {
    const shop = aCatalog()
    const { id: productId } = await shop.addProduct()
    shop.addVariant(productId, 2)
    const named = [1, 2].map((id) => ({ id, sku: null, options: {} }))
    const refused = { ok: false, failure: { code: 'variant_required', productId, variants: named } }
    expect(await getInventory(shop.deps, ANONYMOUS, { productId })).toEqual(refused)
    const adjustment = { delta: 3, reason: 'receive', idempotencyKey: 'delivery' } as const
    expect(await adjustStock(shop.deps, STAFF, { productId, ...adjustment })).toEqual(refused)
    expect(await adjustVariantStock(shop.deps, STAFF, { variantId: 2, ...adjustment })).toMatchObject({
      ok: true,
      value: { movement: { onHand: 3 }, variant: { id: 2, productId } },
    })
    expect(await getVariantInventory(shop.deps, STAFF, { variantId: 2 })).toMatchObject({
      value: { level: { available: 3 }, ledger: { items: [{ reason: 'receive' }, { reason: 'opening', delta: 0 }] } },
    })
  })

  it('pages through the ledger of a variant by a cursor of its own', async () => {
    const shop = aCatalog()
    const { variantId } = await shop.addProduct()
    shop.stockOf(variantId).adjust({ delta: 1, reason: 'receive', key: 'a' }, NOW)
    const page = await getVariantInventory(shop.deps, STAFF, { variantId, limit: 1 })
    const cursor = page.ok ? (page.value.ledger?.nextCursor ?? '') : ''
    expect(await getVariantInventory(shop.deps, STAFF, { variantId, cursor })).toMatchObject({
      value: { ledger: { items: [{ key: 'opening:1' }] } },
    })
    expect(await getVariantInventory(shop.deps, STAFF, { variantId: 2, cursor })).toMatchObject({
      failure: { code: 'invalid_cursor' },
    })
  })

  it('answers variant_not_found for an unknown variant, and for one of a draft to all but staff', async () => {
    const shop = aCatalog()
    const { variantId } = await shop.addProduct()
    const unknown = { ok: false, failure: { code: 'variant_not_found', variantId: 99 } }
    expect(await getVariantInventory(shop.deps, STAFF, { variantId: 99 })).toEqual(unknown)
    const adjustment = { variantId: 99, delta: 3, reason: 'receive', idempotencyKey: 'delivery' } as const
    expect(await adjustVariantStock(shop.deps, STAFF, adjustment)).toEqual(unknown)
    shop.draft(variantId)
    expect(await getVariantInventory(shop.deps, CUSTOMER, { variantId })).toMatchObject({
      failure: { code: 'variant_not_found' },
    })
    expect(await getInventory(shop.deps, ANONYMOUS, { productId: 1 })).toMatchObject({
      failure: { code: 'product_not_found' },
    })
    expect(await getVariantInventory(shop.deps, STAFF, { variantId })).toMatchObject({ ok: true })
  })

  it('is unavailable where the object has lost its stock', async () => {
    const shop = aCatalog()
    const { id: productId, variantId } = await shop.addProduct()
    shop.changeTerms(variantId, { sequence: 12 })
    await expect(getInventory(shop.deps, STAFF, { productId })).rejects.toThrow(Unavailable)
    const adjustment = { delta: 3, reason: 'receive', idempotencyKey: 'delivery' } as const
    await expect(adjustStock(shop.deps, STAFF, { productId, ...adjustment })).rejects.toThrow(Unavailable)
  })
})

describe('listing low stock', () => {
  it('answers only staff', async () => {
    const { deps } = aCatalog()
    expect(await listLowStock(deps, ANONYMOUS, {})).toEqual({
      ok: false,
      failure: { code: 'authentication_required' },
    })
    expect(await listLowStock(deps, CUSTOMER, {})).toEqual({ ok: false, failure: { code: 'forbidden' } })
  })

  it('pages through the products at or below their threshold, by id', async () => {
    const shop = aCatalog()
    for (const openingStock of [3, 4, 2]) await shop.addProduct({ openingStock, lowStockThreshold: 3 })
    const first = await listLowStock(shop.deps, STAFF, { limit: 1 })
    if (!first.ok) throw new Error(first.failure.code)
    expect(first.value.items).toEqual([
      { productId: 1, variantId: 1, sku: null, name: 'Aeropress', available: 3, threshold: 3 },
    ])
    const second = await listLowStock(shop.deps, STAFF, { limit: 1, cursor: first.value.nextCursor ?? '' })
    expect(second).toMatchObject({ value: { items: [{ productId: 3 }], nextCursor: null } })
  })

  it('refuses a cursor of another list', async () => {
    const cursor = btoa(JSON.stringify(['variant', '1']))
    expect(await listLowStock(aCatalog().deps, STAFF, { cursor })).toMatchObject({
      failure: { code: 'invalid_cursor' },
    })
  })
})

describe.each([
  ['rebuilding', rebuildInventory],
  ['reconciling', reconcileInventory],
] as const)('%s the inventory', (_, operation) => {
  it('is for staff only', async () => {
    const { deps } = aCatalog()
    expect(await operation(deps, ANONYMOUS, { limit: 10 })).toMatchObject({
      failure: { code: 'authentication_required' },
    })
    expect(await operation(deps, CUSTOMER, { limit: 10 })).toMatchObject({ failure: { code: 'forbidden' } })
  })

  it('goes through all variants page by page', async () => {
    const shop = aCatalog()
    for (let n = 0; n < 3; n += 1) await shop.addProduct()
    const first = await operation(shop.deps, STAFF, { limit: 2 })
    if (!first.ok) throw new Error(first.failure.code)
    expect(first.value.checked).toBe(2)
    const second = await operation(shop.deps, STAFF, { limit: 2, cursor: first.value.nextCursor })
    expect(second).toMatchObject({ value: { checked: 1, nextCursor: null } })
    expect(shop.calls.filter((call) => call.startsWith('audit'))).toEqual(['audit 1', 'audit 2', 'audit 3'])
  })

  it('rewrites a wrong listing from the stock object', async () => {
    const shop = aCatalog()
    const { id: productId, variantId } = await shop.addProduct()
    shop.stockOf(variantId).adjust({ delta: 1, reason: 'receive', key: 'a' }, NOW)
    listWrongly(shop, variantId)
    await operation(shop.deps, STAFF, { limit: 10 })
    expect(shop.listed.get(variantId)).toMatchObject({ productId, available: 51, terms: { sequence: 2 } })
  })

  it('refuses a cursor of another list', async () => {
    const cursor = btoa(JSON.stringify(['low', '1']))
    expect(await operation(aCatalog().deps, STAFF, { limit: 1, cursor })).toMatchObject({
      failure: { code: 'invalid_cursor' },
    })
  })
})

describe('rebuilding the inventory', () => {
  it('counts the rewritten rows', async () => {
    const shop = aCatalog()
    const { variantId } = await shop.addProduct()
    expect(await rebuildInventory(shop.deps, STAFF, { limit: 10 })).toMatchObject({ value: { rewritten: 0 } })
    shop.stockOf(variantId).adjust({ delta: 1, reason: 'receive', key: 'a' }, NOW)
    expect(await rebuildInventory(shop.deps, STAFF, { limit: 10 })).toMatchObject({ value: { rewritten: 1 } })
  })

  it('opens no object, and leaves the listing of a variant whose object is not open yet', async () => {
    const shop = aCatalog()
    await shop.addProduct()
    expect(await rebuildInventory(shop.deps, STAFF, { limit: 10 })).toMatchObject({ value: { rewritten: 0 } })
    expect(shop.listed.get(1)).toMatchObject({ available: 50 })
    expect(shop.opened()).toEqual([])
  })

  it('leaves the listing of a lost object', async () => {
    const shop = aCatalog()
    await shop.addProduct()
    shop.changeTerms(1, { sequence: 12 })
    expect(await rebuildInventory(shop.deps, STAFF, { limit: 10 })).toMatchObject({ value: { rewritten: 0 } })
    expect(shop.listed.get(1)).toMatchObject({ available: 50 })
  })
})

describe('reconciling the inventory', () => {
  it('reports nothing when listing and stock agree', async () => {
    const shop = aCatalog()
    await shop.addProduct()
    expect(await reconcileInventory(shop.deps, STAFF, { limit: 10 })).toMatchObject({ value: { differences: [] } })
    expect(shop.warnings).toEqual([])
  })

  it('reports a wrong listing as repaired, and logs it', async () => {
    const shop = aCatalog()
    const { variantId } = await shop.addProduct()
    shop.stockOf(variantId).adjust({ delta: 1, reason: 'receive', key: 'a' }, NOW)
    const listed = listWrongly(shop, variantId)
    expect(await reconcileInventory(shop.deps, STAFF, { limit: 10 })).toMatchObject({
      value: { differences: [{ mismatch: 'listing', repaired: true, listed, audit: { moved: 51, held: 0 } }] },
    })
    expect(shop.warnings).toEqual(['stock_difference'])
  })

  it('does not report a listing that changed after it was read', async () => {
    const shop = aCatalog()
    const { variantId } = await shop.addProduct()
    shop.stockOf(variantId).adjust({ delta: 1, reason: 'receive', key: 'a' }, NOW)
    listWrongly(shop, variantId)
    const deps = { ...shop.deps, listing: { ...shop.deps.listing, rewrite: async () => [] } }
    expect(await reconcileInventory(deps, STAFF, { limit: 10 })).toMatchObject({ value: { differences: [] } })
  })

  it('reports lost stock without repairing it', async () => {
    const shop = aCatalog()
    const { variantId } = await shop.addProduct()
    shop.changeTerms(variantId, { sequence: 12 })
    const listed = shop.listed.get(variantId)
    expect(await reconcileInventory(shop.deps, STAFF, { limit: 10 })).toMatchObject({
      value: { differences: [{ mismatch: 'lost', repaired: false }] },
    })
    expect(shop.listed.get(variantId)).toEqual(listed)
  })

  it('expires overdue holds', async () => {
    const shop = aCatalog()
    const { variantId } = await shop.addProduct()
    shop.stockOf(variantId).hold({ holdId: 'order_a', quantity: 3, expiresAt: later(60) }, NOW)
    shop.clock.now = later(61)
    await reconcileInventory(shop.deps, STAFF, { limit: 10 })
    expect(shop.level(variantId)).toEqual({ onHand: 50, held: 0 })
  })
})
