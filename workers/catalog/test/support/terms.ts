import type { StockTerms } from '@shop/contracts/catalog/rpc'
import type { WithTerms } from '../../src/stock/domain/batched.ts'
import { isOfLostStock, type Kept } from '../../src/stock/domain/opening.ts'
import type { VariantStock } from '../../src/stock/domain/variant-stock.ts'

/** The terms of a variant that has never listed a level, with no stock unless said otherwise. */
export const termsWith = (over: Partial<StockTerms> = {}): StockTerms => ({
  openingStock: 0,
  sequence: 0,
  threshold: null,
  thresholdVersion: 0,
  policy: 'deny',
  ...over,
})

/** An answer of an object whose storage is not lost. */
export function kept<A>(answer: A): Kept<A> {
  if (isOfLostStock(answer)) throw new Error(answer.failure.code)
  return answer as Kept<A>
}

type Request<M extends 'hold' | 'commitLate' | 'adjust' | 'setAvailable'> = Omit<
  Parameters<VariantStock[M]>[0],
  'terms'
> &
  Partial<WithTerms>

/** The stock of a variant, with terms for the calls that name none. */
export function withTerms(stock: VariantStock, terms: () => StockTerms) {
  return {
    level: (now: Date) => kept(stock.level({ terms: terms() }, now)),
    findHolds: stock.findHolds.bind(stock),
    hold: (request: Request<'hold'>, now: Date) => kept(stock.hold({ terms: terms(), ...request }, now)),
    extend: stock.extend.bind(stock),
    release: stock.release.bind(stock),
    commit: stock.commit.bind(stock),
    commitLate: (request: Request<'commitLate'>, now: Date) =>
      kept(stock.commitLate({ terms: terms(), ...request }, now)),
    returnSale: stock.returnSale.bind(stock),
    shrink: stock.shrink.bind(stock),
    adjust: (request: Request<'adjust'>, now: Date) => kept(stock.adjust({ terms: terms(), ...request }, now)),
    setAvailable: (request: Request<'setAvailable'>, now: Date) =>
      kept(stock.setAvailable({ terms: terms(), ...request }, now)),
  }
}
