import { encodeCursor } from '@shop/kernel/pagination'
import { describe, expect, it, vi } from 'vitest'
import { adjustStock } from '../../../src/stock/adjust-stock.ts'
import { commitHolds } from '../../../src/stock/commit-holds.ts'
import { holdStock } from '../../../src/stock/hold-stock.ts'
import { auditPage } from '../../../src/stock/internal/audit-page.ts'
import { listLowStock } from '../../../src/stock/list-low-stock.ts'
import { reconcileInventory } from '../../../src/stock/reconcile-inventory.ts'
import { releaseHolds } from '../../../src/stock/release-holds.ts'
import { aCatalog, later, NOW, STAFF } from '../../support/catalog.ts'
import { fakeStock } from '../../support/fake-stock.ts'
import { termsWith } from '../../support/terms.ts'

const holdId = 'order_a'
const linesOf = (...lines: [number, number][]) => lines.map(([variantId, quantity]) => ({ variantId, quantity }))

/** Calls that are answered only after the others had their turn, and the most of them at once. */
function counted<T>(answer: () => T) {
  const seen = { running: 0, most: 0 }
  const call = async (): Promise<T> => {
    seen.running += 1
    seen.most = Math.max(seen.most, seen.running)
    await new Promise((resolve) => setTimeout(resolve, 0))
    seen.running -= 1
    return answer()
  }
  return { seen, call }
}

describe('holding the stock of an order when an object does not answer', () => {
  it('releases what was held or may have been, and leaves the lines that were refused', async () => {
    const shop = fakeStock({ 1: 0, 2: 5, 3: 5 }, { now: NOW })
    shop.faults.push({ variantId: 3, method: 'hold', when: 'after' })
    const lines = shop.linesWithTerms(linesOf([1, 1], [2, 1], [3, 1]))
    const request = { holdId, lines, expiresAt: later(900) }
    await expect(holdStock(shop, request)).rejects.toThrow('stock is unavailable')
    expect(shop.calls.filter((call) => call.startsWith('release'))).toEqual(['release 2', 'release 3'])
  })
})

describe('committing a hold', () => {
  const commit = async (quantity: number, arrange: (shop: ReturnType<typeof fakeStock>) => void = () => undefined) => {
    const shop = fakeStock({ 1: 5 }, { now: NOW })
    await holdStock(shop, { holdId, lines: shop.linesWithTerms(linesOf([1, 2])), expiresAt: later(900) })
    arrange(shop)
    shop.calls.splice(0)
    const answers = await commitHolds(shop, [{ holdId, lines: linesOf([1, quantity]) }])
    return { answer: answers.ok && answers.value[0], calls: shop.calls }
  }

  it('takes no units that are available for a hold of fewer', async () => {
    const { answer, calls } = await commit(3)
    expect(answer).toMatchObject({ failure: { code: 'hold_conflict', reason: 'other_quantity' } })
    expect(calls).toEqual(['commit 1'])
  })

  it('takes none for a hold that was released', async () => {
    const { answer, calls } = await commit(2, (shop) => shop.stockOf(1).release({ holdId }, NOW))
    expect(answer).toEqual({ ok: false, failure: { code: 'hold_conflict', variantId: 1, holdId, reason: 'released' } })
    expect(calls).toEqual(['commit 1'])
  })
})

describe('adjusting stock', () => {
  it('is another adjustment with another note', async () => {
    const shop = aCatalog()
    const { id: productId } = await shop.addProduct()
    const adjust = (note: string | undefined) =>
      adjustStock(shop.deps, STAFF, { productId, delta: 1, reason: 'receive', note, idempotencyKey: 'delivery' })
    expect(await adjust('PO 17')).toMatchObject({ ok: true })
    for (const note of ['PO 18', undefined]) {
      expect(await adjust(note)).toEqual({ ok: false, failure: { code: 'idempotency_key_reused' } })
    }
    expect(await adjust('PO 17')).toMatchObject({ value: { repeated: true } })
  })
})

describe('a page of the inventory', () => {
  it('asks twenty objects at a time', async () => {
    const shop = aCatalog()
    for (let n = 0; n < 25; n += 1) await shop.addProduct()
    const level = { onHand: 0, held: 0, available: 0, sequence: 0 }
    const { seen, call } = counted(() => ({ level, moved: 0, held: 0, isListingDue: false, isLost: false }))
    await auditPage({ ...shop.deps, stock: { ...shop.deps.stock, audit: call } }, { limit: 25 })
    expect(seen.most).toBe(20)
  })

  it('has a cursor of its own list', async () => {
    const shop = aCatalog()
    for (let n = 0; n < 2; n += 1) await shop.addProduct({ openingStock: 1, lowStockThreshold: 3 })
    expect(await auditPage(shop.deps, { limit: 1 })).toMatchObject({
      value: { nextCursor: encodeCursor({ sortKey: 'variant', id: '1' }) },
    })
    expect(await listLowStock(shop.deps, STAFF, { limit: 1 })).toMatchObject({
      value: { nextCursor: encodeCursor({ sortKey: 'low', id: '1.1' }) },
    })
  })
})

describe('a difference between listing and stock', () => {
  it('is logged with both', async () => {
    const shop = aCatalog()
    const { id: productId, variantId } = await shop.addProduct()
    const listed = { variantId, productId, sku: null, available: 7, terms: termsWith({ openingStock: 50 }) }
    shop.listed.set(variantId, listed)
    const warn = vi.fn()
    await reconcileInventory({ ...shop.deps, warn }, STAFF, { limit: 10 })
    expect(warn).toHaveBeenCalledExactlyOnceWith('stock_difference', {
      mismatch: 'listing',
      listed,
      audit: {
        level: expect.objectContaining({ available: 50 }),
        moved: 50,
        held: 0,
        isListingDue: false,
        isLost: false,
      },
    })
  })
})

describe('an order whose stock cannot be decided now', () => {
  const release = async (arrange: (shop: ReturnType<typeof fakeStock>) => void) => {
    const shop = fakeStock({ 1: 5, 2: 5 }, { now: NOW })
    arrange(shop)
    const warn = vi.fn()
    const requests = [1, 2].map((variantId) => ({ holdId: `order_${variantId}`, variantIds: [variantId] }))
    return { answers: await releaseHolds({ stock: shop.stock, warn }, requests), warn }
  }
  const UNAVAILABLE = { ok: false, failure: { code: 'service_unavailable' } }

  it('is logged, and the others are decided', async () => {
    const { answers, warn } = await release((shop) => {
      shop.faults.push({ variantId: 1, method: 'release', when: 'before' })
    })
    expect(answers).toEqual({ ok: true, value: [UNAVAILABLE, { ok: true, value: undefined }] })
    const error = expect.objectContaining({ name: 'Unavailable' })
    expect(warn).toHaveBeenCalledExactlyOnceWith('stock_undecided', { holdId: 'order_1', error })
  })

  it('may be one for which its object has no answer', async () => {
    const { answers, warn } = await release((shop) => {
      shop.stock.batch = async () => []
    })
    expect(answers).toEqual({ ok: true, value: [UNAVAILABLE, UNAVAILABLE] })
    const error = new Error('A stock object did not answer each request once')
    expect(warn.mock.calls.map(([, fields]) => fields.error)).toEqual([error, error])
  })
})
