import type { StockTerms } from '@shop/contracts/catalog/rpc'
import { Unavailable } from '@shop/kernel/unavailable'
import { EMPTY_STOCK } from '../../src/stock/domain/level.ts'
import { isOfLostStock, isOpen, type Kept } from '../../src/stock/domain/opening.ts'
import { VariantStock } from '../../src/stock/domain/variant-stock.ts'
import type { StockClient } from '../../src/stock/object/stock-client.ts'
import type { VariantRepository } from '../../src/stock/repository/index.ts'
import { memoryStockStorage } from './memory-stock-storage.ts'
import { termsWith, withTerms } from './terms.ts'

export type Fault = {
  variantId: number
  method: keyof StockClient
  when: 'before' | 'after'
  /** The object has certainly not accepted the call. */
  isOverloaded?: boolean
}

type FakeObject = ReturnType<typeof memoryStockStorage> & { stock: VariantStock }

/**
 * Stock objects in memory, which open with `onHand` units. A fault makes one call throw, before or after its effect.
 *
 * @param termsOf what Postgres has about the stock of a variant; by default what `onHand` says
 */
export function fakeStock(
  onHand: Record<number, number>,
  clock: { now: Date },
  termsOf = (variantId: number): StockTerms => termsWith({ openingStock: onHand[variantId] ?? 0 }),
) {
  const objects = new Map<number, FakeObject>()
  const objectOf = (variantId: number): FakeObject => {
    const known = objects.get(variantId)
    if (known !== undefined) return known
    const memory = memoryStockStorage(variantId)
    const created = { ...memory, stock: new VariantStock(memory.storage) }
    objects.set(variantId, created)
    return created
  }
  const faults: Fault[] = []
  const calls: string[] = []
  const stock = fakeClient(objectOf, faults, calls, clock)
  const stockOf = (variantId: number) => withTerms(objectOf(variantId).stock, () => termsOf(variantId))
  const variants: VariantRepository = {
    find: async () => undefined,
    findOfProduct: async () => [],
    terms: async (ids) => new Map(ids.map((id) => [id, termsOf(id)])),
  }
  return {
    stock,
    variants,
    warn: () => {},
    faults,
    calls,
    level: (variantId: number) => {
      const { onHand, held } = stockOf(variantId).level(clock.now)
      return { onHand, held }
    },
    stockOf,
    /** The lines with their terms, as orders passes them on. */
    linesWithTerms: (lines: { variantId: number; quantity: number }[]) =>
      lines.map((line) => ({ ...line, terms: termsOf(line.variantId) })),
    /** The variants whose objects have been opened. */
    opened: () => [...objects].filter(([, { storage }]) => isOpen(storage.level())).map(([id]) => id),
    lowOf: (variantId: number) => objectOf(variantId).low,
  }
}

function fakeClient(
  objectOf: (variantId: number) => FakeObject,
  faults: Fault[],
  calls: string[],
  clock: { now: Date },
): StockClient {
  async function call<T>(
    variantId: number,
    method: keyof StockClient,
    work: (object: FakeObject) => T,
  ): Promise<Kept<T>> {
    await Promise.resolve()
    calls.push(`${method} ${variantId}`)
    const index = faults.findIndex((fault) => fault.variantId === variantId && fault.method === method)
    const fault = index < 0 ? undefined : faults.splice(index, 1)[0]
    if (fault?.when === 'before') throw new Unavailable('stock', undefined, !fault.isOverloaded)
    const answer = work(objectOf(variantId))
    if (fault?.when === 'after') throw new Unavailable('stock')
    if (isOfLostStock(answer)) throw new Unavailable('stock', new Error('lost'), false)
    return answer as Kept<T>
  }
  return {
    level: (id, request) => call(id, 'level', ({ stock }) => stock.level(request, clock.now)),
    ledger: (id, { before = Number.MAX_SAFE_INTEGER, limit, terms }) =>
      call(id, 'ledger', ({ stock, ledger }) => {
        const entries = [...ledger.values()].map((movement, index) => ({ ...movement, entry: index + 1 }))
        const older = entries.filter(({ entry }) => entry < before).reverse()
        const level = stock.level({ terms }, clock.now)
        return isOfLostStock(level) ? level : { level, entries: older.slice(0, limit) }
      }),
    audit: (id, request) =>
      call(id, 'audit', ({ stock, ledger }) => {
        const known = stock.level(request, clock.now)
        const isLost = isOfLostStock(known)
        const level = isLost ? EMPTY_STOCK : known
        const moved = [...ledger.values()].reduce((sum, { delta }) => sum + delta, 0)
        return { level, moved: isOpen(level) ? moved : level.onHand, held: level.held, isListingDue: false, isLost }
      }),
    findHolds: (id, request) => call(id, 'findHolds', ({ stock }) => stock.findHolds(request, clock.now)),
    hold: (id, request) => call(id, 'hold', ({ stock }) => stock.hold(request, clock.now)),
    extend: (id, request) => call(id, 'extend', ({ stock }) => stock.extend(request, clock.now)),
    release: (id, request) => call(id, 'release', ({ stock }) => stock.release(request, clock.now)),
    commit: (id, request) => call(id, 'commit', ({ stock }) => stock.commit(request, clock.now)),
    commitLate: (id, request) => call(id, 'commitLate', ({ stock }) => stock.commitLate(request, clock.now)),
    returnSale: (id, request) => call(id, 'returnSale', ({ stock }) => stock.returnSale(request, clock.now)),
    shrink: (id, request) => call(id, 'shrink', ({ stock }) => stock.shrink(request, clock.now)),
    adjust: (id, request) => call(id, 'adjust', ({ stock }) => stock.adjust(request, clock.now)),
    setAvailable: (id, request) => call(id, 'setAvailable', ({ stock }) => stock.setAvailable(request, clock.now)),
    // A fault of the method fails the call before or after all its requests.
    batch: (id, method, requests) => call(id, method, ({ stock }) => stock.batch(method, requests, clock.now)),
  }
}
