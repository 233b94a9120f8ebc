import { Unavailable } from '@shop/kernel/unavailable'
import { VariantStock } from '../../src/stock/domain/variant-stock.ts'
import type { StockClient } from '../../src/stock/object/stock-client.ts'
import { memoryStockStorage } from './memory-stock-storage.ts'

export type Fault = {
  variantId: number
  method: keyof StockClient
  when: 'before' | 'after'
  /** The object has certainly not accepted the call. */
  isOverloaded?: boolean
}

type FakeObject = ReturnType<typeof memoryStockStorage> & { stock: VariantStock }

/** Stock objects in memory, each with `onHand` units. A fault makes one call throw, before or after its effect. */
export function fakeStock(onHand: Record<number, number>, clock: { now: Date }) {
  const objects = new Map<number, FakeObject>()
  const objectOf = (variantId: number): FakeObject => {
    const known = objects.get(variantId)
    if (known !== undefined) return known
    const memory = memoryStockStorage(variantId)
    const created = { ...memory, stock: new VariantStock(memory.storage) }
    objects.set(variantId, created)
    return created
  }
  for (const [id, quantity] of Object.entries(onHand)) {
    const { stock } = objectOf(Number(id))
    if (quantity > 0) stock.adjust({ delta: quantity, reason: 'correct', key: 'start' }, clock.now)
  }
  const faults: Fault[] = []
  const calls: string[] = []
  const stock = fakeClient(objectOf, faults, calls, clock)
  return {
    stock,
    warn: () => {},
    faults,
    calls,
    level: (variantId: number) => {
      const { onHand, held } = objectOf(variantId).stock.level(clock.now)
      return { onHand, held }
    },
    stockOf: (variantId: number) => objectOf(variantId).stock,
    lowOf: (variantId: number) => objectOf(variantId).low,
  }
}

function fakeClient(
  objectOf: (variantId: number) => FakeObject,
  faults: Fault[],
  calls: string[],
  clock: { now: Date },
): StockClient {
  async function call<T>(variantId: number, method: keyof StockClient, work: (object: FakeObject) => T): Promise<T> {
    await Promise.resolve()
    calls.push(`${method} ${variantId}`)
    const index = faults.findIndex((fault) => fault.variantId === variantId && fault.method === method)
    const fault = index < 0 ? undefined : faults.splice(index, 1)[0]
    if (fault?.when === 'before') throw new Unavailable('stock', undefined, !fault.isOverloaded)
    const answer = work(objectOf(variantId))
    if (fault?.when === 'after') throw new Unavailable('stock')
    return answer
  }
  return {
    level: (id) => call(id, 'level', ({ stock }) => stock.level(clock.now)),
    ledger: (id, { before = Number.MAX_SAFE_INTEGER, limit }) =>
      call(id, 'ledger', ({ stock, ledger }) => {
        const entries = [...ledger.values()].map((movement, index) => ({ ...movement, entry: index + 1 }))
        const older = entries.filter(({ entry }) => entry < before).reverse()
        return { level: stock.level(clock.now), entries: older.slice(0, limit) }
      }),
    audit: (id) =>
      call(id, 'audit', ({ stock, ledger }) => {
        const level = stock.level(clock.now)
        const moved = [...ledger.values()].reduce((sum, { delta }) => sum + delta, 0)
        return { level, moved, held: level.held, isListingDue: false }
      }),
    findHolds: (id, request) => call(id, 'findHolds', ({ stock }) => stock.findHolds(request, clock.now)),
    hold: (id, request) => call(id, 'hold', ({ stock }) => stock.hold(request, clock.now)),
    extend: (id, request) => call(id, 'extend', ({ stock }) => stock.extend(request, clock.now)),
    release: (id, request) => call(id, 'release', ({ stock }) => stock.release(request, clock.now)),
    commit: (id, request) => call(id, 'commit', ({ stock }) => stock.commit(request, clock.now)),
    commitLate: (id, request) => call(id, 'commitLate', ({ stock }) => stock.commitLate(request, clock.now)),
    returnSale: (id, request) => call(id, 'returnSale', ({ stock }) => stock.returnSale(request, clock.now)),
    adjust: (id, request) => call(id, 'adjust', ({ stock }) => stock.adjust(request, clock.now)),
    setAvailable: (id, request) => call(id, 'setAvailable', ({ stock }) => stock.setAvailable(request, clock.now)),
    open: (id, request) => call(id, 'open', ({ stock }) => stock.open(request, clock.now)),
    // A fault of the method fails the call before or after all its requests.
    batch: (id, method, requests) => call(id, method, ({ stock }) => stock.batch(method, requests, clock.now)),
    watchLowStock: (id, threshold) => call(id, 'watchLowStock', ({ stock }) => stock.watchLowStock(threshold)),
  }
}
