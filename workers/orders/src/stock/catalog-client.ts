import type { AdjustmentConflict, HoldFailure, HoldGone } from '@shop/contracts/catalog/failures'
import type { CatalogRpc, CommitHolds, ExtendHolds, GivenBack, OrderHolds } from '@shop/contracts/catalog/rpc'
import { alone, type Join } from '@shop/http/join-calls'
import { forEachAnswer } from '@shop/http/list-rpc'
import type { Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'

/** The catalog as operations on one order call it. */
export type CatalogClient = Pick<CatalogRpc, 'quote' | 'quoteEach' | 'holdStock' | 'findHolds'> & {
  extendHolds(request: ExtendHolds): Promise<Result<undefined, HoldGone | ServiceUnavailable>>
  releaseHolds(request: OrderHolds): Promise<Result<undefined, ServiceUnavailable>>
  returnSales(request: OrderHolds): Promise<Result<undefined, ServiceUnavailable>>
  commitHolds(request: CommitHolds): Promise<Result<undefined, HoldFailure | ServiceUnavailable>>
  takeBack(request: GivenBack): Promise<Result<undefined, AdjustmentConflict | ServiceUnavailable>>
}

/** @param join how calls about several orders become one; each is made alone by default */
export function catalogClient(catalog: CatalogRpc, join: Join = alone): CatalogClient {
  return {
    quote: (request) => catalog.quote(request),
    quoteEach: (request) => catalog.quoteEach(request),
    holdStock: (request) => catalog.holdStock(request),
    findHolds: (holds) => catalog.findHolds(holds),
    extendHolds: join(forEachAnswer((requests: ExtendHolds[]) => catalog.extendHolds(requests))),
    releaseHolds: join(forEachAnswer((requests: OrderHolds[]) => catalog.releaseHolds(requests))),
    returnSales: join(forEachAnswer((requests: OrderHolds[]) => catalog.returnSales(requests))),
    commitHolds: join(forEachAnswer((requests: CommitHolds[]) => catalog.commitHolds(requests))),
    takeBack: join(forEachAnswer((requests: GivenBack[]) => catalog.takeBack(requests))),
  }
}
