import { WorkerEntrypoint } from 'cloudflare:workers'
import type { CatalogRpc } from '@shop/contracts'
import { answerRpc, type TraceContext, type TracedRpc } from '@shop/http'
import { depsOf } from './deps.ts'
import { commitHolds } from './operations/commit-holds.ts'
import { extendHolds } from './operations/extend-holds.ts'
import { findHolds } from './operations/find-holds.ts'
import { holdStock } from './operations/hold-stock.ts'
import { quote } from './operations/quote.ts'
import { releaseHolds } from './operations/release-holds.ts'
import { returnSales } from './operations/return-sales.ts'

/** What the orders worker calls; its methods are described in the contract. */
export class CatalogService extends WorkerEntrypoint<CatalogEnv> implements TracedRpc<CatalogRpc> {
  quote(productIds: Parameters<CatalogRpc['quote']>[0], trace: TraceContext) {
    return answerRpc('quote', trace, () => quote(depsOf(this.env), productIds))
  }

  holdStock(request: Parameters<CatalogRpc['holdStock']>[0], trace: TraceContext) {
    return answerRpc('holdStock', trace, () => holdStock(depsOf(this.env), request))
  }

  extendHolds(request: Parameters<CatalogRpc['extendHolds']>[0], trace: TraceContext) {
    return answerRpc('extendHolds', trace, () => extendHolds(depsOf(this.env), request))
  }

  releaseHolds(request: Parameters<CatalogRpc['releaseHolds']>[0], trace: TraceContext) {
    return answerRpc('releaseHolds', trace, () => releaseHolds(depsOf(this.env), request))
  }

  returnSales(request: Parameters<CatalogRpc['returnSales']>[0], trace: TraceContext) {
    return answerRpc('returnSales', trace, () => returnSales(depsOf(this.env), request))
  }

  commitHolds(request: Parameters<CatalogRpc['commitHolds']>[0], trace: TraceContext) {
    return answerRpc('commitHolds', trace, () => commitHolds(depsOf(this.env), request))
  }

  findHolds(holds: Parameters<CatalogRpc['findHolds']>[0], trace: TraceContext) {
    return answerRpc('findHolds', trace, () => findHolds(depsOf(this.env), holds))
  }
}
