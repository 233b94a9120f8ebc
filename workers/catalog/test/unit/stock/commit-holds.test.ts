import type { CommitHolds } from '@shop/contracts/catalog/rpc'
import { fail, ok } from '@shop/kernel/result'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import type { CatalogDeps } from '../../../src/deps.ts'
import { commitHolds as commitOrders } from '../../../src/stock/commit-holds.ts'
import { holdStock } from '../../../src/stock/hold-stock.ts'
import { type Fault, fakeStock } from '../../support/fake-stock.ts'
import { termsWith } from '../../support/terms.ts'

const start = new Date('2026-11-23T10:00:00.000Z')
const later = (seconds: number) => new Date(start.getTime() + seconds * 1_000)
const HOLD_SECONDS = 900
const lines = [
  { variantId: 1, quantity: 2 },
  { variantId: 2, quantity: 3 },
]
const order = { holdId: 'order_a', lines }
const soldOut = { ok: false, failure: { code: 'out_of_stock', variantId: 2, requested: 3, available: 1 } }

/** @returns undefined when an object did not answer */
async function commitHolds(deps: Pick<CatalogDeps, 'stock' | 'variants' | 'warn'>, one: CommitHolds) {
  const answers = await commitOrders(deps, [one])
  const answer = answers.ok ? answers.value[0] : undefined
  return answer?.ok === false && answer.failure.code === 'service_unavailable' ? undefined : answer
}

async function heldOrder(onHand = { 1: 5, 2: 5 }) {
  const clock = { now: start }
  const shop = fakeStock(onHand, clock)
  await holdStock(shop, { holdId: order.holdId, lines: shop.linesWithTerms(lines), expiresAt: later(HOLD_SECONDS) })
  return { shop, clock }
}

/** The hold has expired, and too few units of variant 2 are left to take the order's units again. */
async function expiredAndSoldElsewhere() {
  const { shop, clock } = await heldOrder()
  clock.now = later(HOLD_SECONDS + 1)
  shop.stockOf(2).adjust({ delta: -4, reason: 'damage', key: 'elsewhere' }, clock.now)
  return { shop, clock }
}
const levels = (shop: Awaited<ReturnType<typeof heldOrder>>['shop']) => [shop.level(1), shop.level(2)]
const bothSold = [
  { onHand: 3, held: 0 },
  { onHand: 2, held: 0 },
]
const nothingSold = [
  { onHand: 5, held: 0 },
  { onHand: 1, held: 0 },
]

describe('committing the holds of a paid order', () => {
  it('sells every line', async () => {
    const { shop } = await heldOrder()
    expect(await commitHolds(shop, order)).toEqual({ ok: true, value: undefined })
    expect(levels(shop)).toEqual(bothSold)
  })

  it('sells once, however often and late it runs', async () => {
    const { shop, clock } = await heldOrder()
    await commitHolds(shop, order)
    clock.now = later(10 * 24 * 3_600)
    expect(await commitHolds(shop, order)).toMatchObject({ ok: true })
    expect(levels(shop)).toEqual(bothSold)
  })

  it('takes the units of an expired hold again', async () => {
    const { shop, clock } = await heldOrder()
    clock.now = later(HOLD_SECONDS + 1)
    expect(await commitHolds(shop, order)).toMatchObject({ ok: true })
    expect(levels(shop)).toEqual(bothSold)
  })

  it('returns the units it has sold when a line cannot be taken again', async () => {
    const { shop } = await expiredAndSoldElsewhere()
    expect(await commitHolds(shop, order)).toEqual(soldOut)
    expect(levels(shop)).toEqual(nothingSold)
  })

  it('stays refused after that, even when stock has arrived', async () => {
    const { shop, clock } = await expiredAndSoldElsewhere()
    await commitHolds(shop, order)
    shop.stockOf(2).adjust({ delta: 100, reason: 'receive', key: 'delivery' }, clock.now)
    expect(await commitHolds(shop, order)).toEqual(soldOut)
    expect([shop.level(1).onHand, shop.level(2).onHand]).toEqual([5, 101])
  })

  it('refuses an order whose holds were released, and sells nothing', async () => {
    const { shop, clock } = await heldOrder()
    shop.stockOf(2).release({ holdId: 'order_a' }, clock.now)
    expect(await commitHolds(shop, order)).toMatchObject({ failure: { code: 'hold_conflict', reason: 'released' } })
    expect(shop.level(1)).toEqual({ onHand: 5, held: 0 })
  })

  it('keeps sold units sold when it is called again with another quantity', async () => {
    const { shop } = await heldOrder()
    await commitHolds(shop, order)
    const wrong = {
      holdId: 'order_a',
      lines: [lines[0] ?? { variantId: 1, quantity: 2 }, { variantId: 2, quantity: 1 }],
    }
    expect(await commitHolds(shop, wrong)).toMatchObject({ failure: { reason: 'other_quantity' } })
    expect(levels(shop)).toEqual(bothSold)
  })

  it('gives all concurrent runs one answer and the right stock, whichever calls fail', async () => {
    const fault: fc.Arbitrary<Fault> = fc.record({
      variantId: fc.constantFrom(1, 2),
      method: fc.constantFrom('commit' as const, 'commitLate' as const, 'returnSale' as const),
      when: fc.constantFrom('before' as const, 'after' as const),
    })
    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.array(fault, { maxLength: 5 }), fc.scheduler(), async (isGone, faults, s) => {
        const { shop } = isGone ? await expiredAndSoldElsewhere() : await heldOrder()
        shop.faults.push(...faults)
        const stock = scheduled(shop.stock, s)
        const answers: unknown[] = []
        const runUntilAnswered = async () => {
          for (;;) {
            const answer = await commitHolds({ ...shop, stock }, order)
            if (answer !== undefined) return answers.push(answer)
          }
        }
        await s.waitFor(Promise.all([runUntilAnswered(), runUntilAnswered(), runUntilAnswered()]))
        expect(answers).toEqual(Array(3).fill(isGone ? soldOut : { ok: true, value: undefined }))
        expect(levels(shop)).toEqual(isGone ? nothingSold : bothSold)
      }),
      { numRuns: 300 },
    )
  })
})

describe('committing an order whose hold is not there', () => {
  const unheld = (onHand: Record<number, number>) => fakeStock(onHand, { now: start })

  it('sells it where the objects were not needed before', async () => {
    const shop = unheld({ 1: 5, 2: 5 })
    expect(await commitHolds(shop, order)).toEqual({ ok: true, value: undefined })
    expect(levels(shop)).toEqual(bothSold)
    expect(await commitHolds(shop, order)).toEqual({ ok: true, value: undefined })
    expect(levels(shop)).toEqual(bothSold)
  })

  it('refuses it for good where too few units were there, also of a variant that nobody knows', async () => {
    const shop = unheld({ 1: 5, 2: 1 })
    expect(await commitHolds(shop, order)).toEqual(soldOut)
    expect(levels(shop)).toEqual(nothingSold)
    const unknown = { ...unheld({}), variants: { ...shop.variants, terms: async () => new Map() } }
    expect(await commitHolds(unknown, order)).toMatchObject({ failure: { code: 'out_of_stock', available: 0 } })
  })

  it('reads the terms of all variants of all orders at once, and not where the holds are there', async () => {
    const shop = unheld({ 1: 100, 2: 100 })
    const terms = vi.spyOn(shop.variants, 'terms')
    const many = Array.from({ length: 30 }, (_, n) => ({ holdId: `order_${n}`, lines }))
    expect(await commitOrders(shop, many)).toEqual(ok(many.map(() => ok())))
    expect(terms).toHaveBeenCalledOnce()
    expect(shop.calls).toEqual(['commit 1', 'commit 2', 'commitLate 1', 'commitLate 2'])
    const { shop: held } = await heldOrder()
    const unasked = vi.spyOn(held.variants, 'terms')
    await commitHolds(held, order)
    expect(unasked).not.toHaveBeenCalled()
  })

  it('leaves it undecided while Postgres does not answer, and decides it then', async () => {
    const shop = unheld({ 1: 5, 2: 5 })
    vi.spyOn(shop.variants, 'terms').mockRejectedValueOnce(new Error('down'))
    expect(await commitHolds(shop, order)).toBeUndefined()
    expect(shop.opened()).toEqual([])
    expect(await commitHolds(shop, order)).toEqual({ ok: true, value: undefined })
    expect(levels(shop)).toEqual(bothSold)
  })

  it('leaves it undecided where an object has lost its stock', async () => {
    const lost = fakeStock({}, { now: start }, () => termsWith({ openingStock: 5, sequence: 3 }))
    expect(await commitHolds(lost, order)).toBeUndefined()
    expect(lost.opened()).toEqual([])
  })
})

/** Lets the scheduler decide the order in which the calls of the runs reach the objects. */
function scheduled(stock: ReturnType<typeof fakeStock>['stock'], s: fc.Scheduler): typeof stock {
  return {
    ...stock,
    batch: async (variantId, method, requests) => {
      await s.schedule(Promise.resolve())
      return stock.batch(variantId, method, requests)
    },
  }
}

describe('committing the holds of many orders', () => {
  const many = Array.from({ length: 30 }, (_, n) => ({ holdId: `order_${n}`, lines }))

  async function heldOrders() {
    const shop = fakeStock({ 1: 1_000, 2: 1_000 }, { now: start })
    for (const { holdId } of many) {
      await holdStock(shop, { holdId, lines: shop.linesWithTerms(lines), expiresAt: later(HOLD_SECONDS) })
    }
    shop.calls.splice(0)
    return shop
  }

  it('calls each object once', async () => {
    const shop = await heldOrders()
    expect(await commitOrders(shop, many)).toEqual(ok(many.map(() => ok())))
    expect(shop.calls).toEqual(['commit 1', 'commit 2'])
    expect(shop.level(1)).toEqual({ onHand: 940, held: 0 })
  })

  it('decides each order by itself, and returns only what a refused one has sold', async () => {
    const shop = await heldOrders()
    shop.stockOf(2).release({ holdId: 'order_7' }, start)
    const answers = await commitOrders(shop, many)
    const refused = { code: 'hold_conflict', variantId: 2, holdId: 'order_7', reason: 'released' } as const
    expect(answers).toEqual(ok(many.map(({ holdId }) => (holdId === 'order_7' ? fail(refused) : ok()))))
    expect(shop.calls).toEqual(['commit 1', 'commit 2', 'returnSale 1'])
    expect([shop.level(1).onHand, shop.level(2).onHand]).toEqual([942, 913])
  })

  it('leaves undecided only the orders that need an object which does not answer', async () => {
    const shop = await heldOrders()
    shop.faults.push({ variantId: 2, method: 'commit', when: 'before' })
    const single = { holdId: 'order_0', lines: lines.slice(0, 1) }
    const answers = await commitOrders(shop, [single, ...many.slice(1, 3)])
    const unavailable = fail({ code: 'service_unavailable' })
    expect(answers).toEqual(ok([ok(), unavailable, unavailable]))
  })
})
