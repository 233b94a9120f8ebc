import { describe, expect, it, vi } from 'vitest'
import { checkStock, setStock } from '../../../src/stock/set-stock.ts'
import { NOW } from '../../support/catalog.ts'
import { fakeStock } from '../../support/fake-stock.ts'

const actor = 'user_admin'

/** Variant 1 with so many units to buy, as listed after its first change, and its listing. */
function stocked(units = 10) {
  const shop = fakeStock({ 1: units }, { now: NOW })
  const project = vi.fn(async () => undefined)
  const warn = vi.fn()
  const deps = { stock: shop.stock, listing: { project }, newKey: () => 'fresh', warn }
  return {
    ...shop,
    // The listing has more methods than setting stock uses.
    deps: deps as unknown as Parameters<typeof setStock>[0],
    project,
    warn,
    listed: { variantId: 1, available: units, stockSequence: 1 },
  }
}

describe('setting the stock of a variant', () => {
  it('is a movement of its own, and is listed at once', async () => {
    const { deps, listed, project, stockOf } = stocked()
    const set = await setStock(deps, listed, { available: 12, expected: 10, actor })
    expect(set).toEqual({ ok: true, value: { onHand: 12, held: 0, available: 12, sequence: 2 } })
    expect(project).toHaveBeenCalledExactlyOnceWith([{ variantId: 1, available: 12, sequence: 2, low: [] }])
    expect(stockOf(1).setAvailable({ available: 9, actor, key: 'set:fresh' }, NOW)).toEqual({
      ok: false,
      failure: { code: 'adjustment_conflict', key: 'set:fresh' },
    })
  })

  it('is refused when other units are available than the writer saw, and lists nothing', async () => {
    const { deps, listed, project, calls } = stocked()
    const wanted = { available: 12, expected: 11, actor }
    const refused = { ok: false, failure: { code: 'stock_changed', stockQuantity: 10 } }
    expect(await setStock(deps, listed, wanted)).toEqual(refused)
    expect(await checkStock(deps, listed, wanted)).toEqual(refused)
    expect(project).not.toHaveBeenCalled()
    expect(calls).toEqual(['setAvailable 1', 'level 1'])
  })

  it('that changes nothing lists only what the listing lacks', async () => {
    const { deps, listed, project } = stocked()
    const level = { onHand: 10, held: 0, available: 10, sequence: 1 }
    expect(await setStock(deps, listed, { available: 10, actor })).toEqual({ ok: true, value: level })
    expect(await setStock(deps, { ...listed, stockSequence: 5 }, { available: 10, actor })).toMatchObject({ ok: true })
    expect(project).not.toHaveBeenCalled()
  })

  it('is done although it could not be listed, which is logged: the object lists it too', async () => {
    const { deps, listed, project, warn } = stocked()
    const error = new Error('database')
    project.mockRejectedValueOnce(error)
    expect(await setStock(deps, listed, { available: 12, actor })).toMatchObject({ ok: true })
    expect(warn).toHaveBeenCalledExactlyOnceWith('stock_not_listed', { variantId: 1, error })
  })

  it('cannot be refused for another reason: that is a bug', async () => {
    const { deps, listed, stock } = stocked()
    stock.setAvailable = async () => ({ ok: false, failure: { code: 'stock_below_held', held: 3, onHand: 2 } })
    const setting = setStock(deps, listed, { available: 0, actor })
    await expect(setting).rejects.toThrow('A stock of no fewer than 0 units was refused: stock_below_held')
  })
})

describe('the opening stock of a variant', () => {
  it.each([
    ['is opened before it is compared, where only the listing knows of it', 0, 8, ['open 1', 'setAvailable 1']],
    ['is open once the object has changed', 1, 8, ['setAvailable 1']],
    ['is nothing to open where there is none', 0, 0, ['setAvailable 1']],
  ])('%s', async (_, stockSequence, available, calls) => {
    const shop = stocked(0)
    await setStock(shop.deps, { variantId: 1, available, stockSequence }, { available: 3, actor })
    expect(shop.calls).toEqual(calls)
    expect(shop.level(1).onHand).toBe(3)
  })

  it('cannot be refused: that is a bug', async () => {
    const { deps, stock } = stocked(0)
    stock.open = async () => ({ ok: false, failure: { code: 'adjustment_conflict', key: 'opening:1' } })
    const unopened = { variantId: 1, available: 8, stockSequence: 0 }
    const setting = setStock(deps, unopened, { available: 3, actor })
    await expect(setting).rejects.toThrow('The opening stock was refused: adjustment_conflict')
  })
})

describe('checking what would be set', () => {
  it.each([{ available: 12 }, { available: 7, expected: 7 }])(
    'asks the object nothing where the writer asks nothing of it: %j',
    async (wanted) => {
      const { deps, listed, calls } = stocked()
      expect(await checkStock(deps, { ...listed, stockSequence: 0 }, wanted)).toEqual({ ok: true })
      expect(calls).toEqual([])
    },
  )

  it('opens the stock first, and allows what the writer has seen', async () => {
    const shop = stocked(0)
    const unopened = { variantId: 1, available: 8, stockSequence: 0 }
    expect(await checkStock(shop.deps, unopened, { available: 12, expected: 8 })).toEqual({ ok: true })
    expect(shop.calls).toEqual(['open 1', 'level 1'])
  })
})
