import type { StockTerms } from '@shop/contracts/catalog/rpc'
import type { StockObject } from '../../src/stock/object/stock-object.ts'
import { kept } from './terms.ts'

type Method = 'level' | 'ledger' | 'audit' | 'hold' | 'commitLate' | 'adjust' | 'setAvailable'
type Request<M extends Method> = Omit<Parameters<StockObject[M]>[0], 'terms'>

/** The calls of a stock object that is not lost, with `terms`, which a test may change. */
export function withTerms(stub: DurableObjectStub<StockObject>, terms: StockTerms) {
  const calls = {
    terms,
    level: async () => kept(await stub.level({ terms: calls.terms })),
    ledger: async (page: Request<'ledger'>) => kept(await stub.ledger({ ...page, terms: calls.terms })),
    audit: async () => stub.audit({ terms: calls.terms }),
    hold: async (request: Request<'hold'>) => kept(await stub.hold({ ...request, terms: calls.terms })),
    commitLate: async (request: Request<'commitLate'>) =>
      kept(await stub.commitLate({ ...request, terms: calls.terms })),
    adjust: async (request: Request<'adjust'>) => kept(await stub.adjust({ ...request, terms: calls.terms })),
    setAvailable: async (request: Request<'setAvailable'>) =>
      kept(await stub.setAvailable({ ...request, terms: calls.terms })),
    findHolds: async (request: Parameters<StockObject['findHolds']>[0]) => stub.findHolds(request),
    extend: async (request: Parameters<StockObject['extend']>[0]) => stub.extend(request),
    release: async (request: Parameters<StockObject['release']>[0]) => stub.release(request),
    commit: async (request: Parameters<StockObject['commit']>[0]) => stub.commit(request),
    returnSale: async (request: Parameters<StockObject['returnSale']>[0]) => stub.returnSale(request),
    batch: async (...request: Parameters<StockObject['batch']>) => stub.batch(...request),
  }
  return calls
}
