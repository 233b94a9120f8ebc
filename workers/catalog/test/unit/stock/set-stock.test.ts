import { describe, expect, it, vi } from 'vitest'
import { checkStock, setStock } from '../../../src/stock/set-stock.ts'
import { NOW } from '../../support/catalog.ts'
import { fakeStock } from '../../support/fake-stock.ts'
import { termsWith } from '../../support/terms.ts'

const actor = 'user_admin'

/** Variant 1 with so many units to buy, whose object is not open yet, and its listing. */
function stocked(units = 10, policy: 'deny' | 'continue' = 'deny') {
  const terms = termsWith({ openingStock: units, policy })
  const shop = fakeStock({}, { now: NOW }, () => terms)
  const project = vi.fn(async () => undefined)
  const warn = vi.fn()
  const deps = { stock: shop.stock, listing: { project }, newKey: () => 'fresh', warn }
  return {
    ...shop,
    // The listing has more methods than setting stock uses.
    deps: deps as unknown as Parameters<typeof setStock>[0],
    project,
    warn,
    variant: { variantId: 1, terms },
    /** The variant as listed after its first change. */
    listedAt: (sequence: number) => ({ variantId: 1, terms: { ...terms, sequence } }),
  }
}

describe('setting the stock of a variant', () => {
  it('is a movement of its own, and is listed at once', async () => {
    const { deps, variant, project, stockOf } = stocked()
    const set = await setStock(deps, variant, { available: 12, expected: 10, actor })
    expect(set).toEqual({ ok: true, value: { onHand: 12, held: 0, available: 12, sequence: 2 } })
    expect(project).toHaveBeenCalledExactlyOnceWith([{ variantId: 1, available: 12, sequence: 2, low: [] }])
    expect(stockOf(1).setAvailable({ available: 9, actor, key: 'set:fresh' }, NOW)).toEqual({
      ok: false,
      failure: { code: 'adjustment_conflict', key: 'set:fresh' },
    })
  })

  it('is refused when other units are available than the writer saw, and lists nothing', async () => {
    const { deps, variant, project, calls } = stocked()
    const wanted = { available: 12, expected: 11, actor }
    const refused = { ok: false, failure: { code: 'stock_changed', stockQuantity: 10 } }
    expect(await setStock(deps, variant, wanted)).toEqual(refused)
    expect(await checkStock(deps, variant, wanted)).toEqual(refused)
    expect(project).not.toHaveBeenCalled()
    expect(calls).toEqual(['setAvailable 1', 'level 1'])
  })

  it('that changes nothing lists only what the listing lacks', async () => {
    const { deps, variant, listedAt, project } = stocked()
    const level = { onHand: 10, held: 0, available: 10, sequence: 1 }
    expect(await setStock(deps, variant, { available: 10, actor })).toEqual({ ok: true, value: level })
    expect(project).toHaveBeenCalledExactlyOnceWith([{ variantId: 1, available: 10, sequence: 1, low: [] }])
    for (const sequence of [1, 5]) {
      expect(await setStock(deps, listedAt(sequence), { available: 10, actor })).toMatchObject({ ok: true })
    }
    expect(project).toHaveBeenCalledOnce()
  })

  it('is done although it could not be listed, which is logged: the object lists it too', async () => {
    const { deps, variant, project, warn } = stocked()
    const error = new Error('database')
    project.mockRejectedValueOnce(error)
    expect(await setStock(deps, variant, { available: 12, actor })).toMatchObject({ ok: true })
    expect(warn).toHaveBeenCalledExactlyOnceWith('stock_not_listed', { variantId: 1, error })
  })

  it('cannot be refused for another reason: that is a bug', async () => {
    const { deps, variant, stock } = stocked()
    stock.setAvailable = async () => ({ ok: false, failure: { code: 'stock_below_held', held: 3, onHand: 2 } })
    const setting = setStock(deps, variant, { available: 0, actor })
    await expect(setting).rejects.toThrow('A stock of no fewer than 0 units was refused: stock_below_held')
  })
})

describe('setting the stock of a variant that is sold below zero', () => {
  it('leaves what is below zero, and sets nothing so', async () => {
    const { deps, variant, stockOf } = stocked(1, 'continue')
    stockOf(1).adjust({ delta: -3, reason: 'damage', key: 'broken' }, NOW)
    const below = { ok: false, failure: { code: 'stock_below_zero' } }
    expect(await setStock(deps, variant, { available: -2, actor })).toMatchObject({ ok: true })
    expect(await checkStock(deps, variant, { available: -2 })).toEqual({ ok: true })
    expect(await checkStock(deps, variant, { available: -9, expected: -9 })).toEqual({ ok: true })
    for (const wanted of [{ available: -3 }, { available: -3, expected: -2 }]) {
      expect(await setStock(deps, variant, { ...wanted, actor })).toEqual(below)
      expect(await checkStock(deps, variant, wanted)).toEqual(below)
    }
  })

  it('is refused before its object is asked where it is not sold so', async () => {
    const { deps, variant, calls } = stocked()
    const wanted = { available: -1, expected: -1 }
    expect(await checkStock(deps, variant, wanted)).toEqual({ ok: false, failure: { code: 'stock_below_zero' } })
    expect(calls).toEqual([])
  })
})

describe('checking what would be set', () => {
  it.each([{ available: 12 }, { available: 7, expected: 7 }])(
    'asks the object nothing where the writer asks nothing of it: %j',
    async (wanted) => {
      const { deps, variant, calls } = stocked()
      expect(await checkStock(deps, variant, wanted)).toEqual({ ok: true })
      expect(calls).toEqual([])
    },
  )

  it('opens no object, and allows what the writer has seen', async () => {
    const { deps, variant, calls, opened } = stocked(8)
    expect(await checkStock(deps, variant, { available: 12, expected: 8 })).toEqual({ ok: true })
    expect(calls).toEqual(['level 1'])
    expect(opened()).toEqual([])
  })
})
