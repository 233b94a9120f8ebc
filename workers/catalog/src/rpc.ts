import { WorkerEntrypoint } from 'cloudflare:workers'
import type { CatalogRpc } from '@shop/contracts/catalog/rpc'
import { confirmEvents, pullEvents } from '@shop/contracts/events/serve-events'
import { receiveUsersEvents } from '@shop/http/receive-users-events'
import { answerRpc, type TracedRpc } from '@shop/http/rpc'
import type { TraceContext } from '@shop/http/trace'
import { catalogDeps } from './deps.ts'
import { quoteEach } from './products/quote-each.ts'
import { quoteProducts } from './products/quote-products.ts'
import { commitHolds } from './stock/commit-holds.ts'
import { extendHolds } from './stock/extend-holds.ts'
import { findHolds } from './stock/find-holds.ts'
import { holdStock } from './stock/hold-stock.ts'
import { releaseHolds } from './stock/release-holds.ts'
import { returnSales } from './stock/return-sales.ts'
import { takeBack } from './stock/take-back.ts'

/** The methods that the users, orders and notifications workers call; the contract describes them. */
export class CatalogService extends WorkerEntrypoint<CatalogEnv> implements TracedRpc<CatalogRpc> {
  quote(request: Parameters<CatalogRpc['quote']>[0], trace: TraceContext) {
    return answerRpc('quote', trace, () => quoteProducts(catalogDeps(this.env), request))
  }

  quoteEach(request: Parameters<CatalogRpc['quoteEach']>[0], trace: TraceContext) {
    return answerRpc('quoteEach', trace, () => quoteEach(catalogDeps(this.env), request))
  }

  holdStock(request: Parameters<CatalogRpc['holdStock']>[0], trace: TraceContext) {
    return answerRpc('holdStock', trace, () => holdStock(catalogDeps(this.env), request))
  }

  extendHolds(requests: Parameters<CatalogRpc['extendHolds']>[0], trace: TraceContext) {
    return answerRpc('extendHolds', trace, () => extendHolds(catalogDeps(this.env), requests))
  }

  releaseHolds(requests: Parameters<CatalogRpc['releaseHolds']>[0], trace: TraceContext) {
    return answerRpc('releaseHolds', trace, () => releaseHolds(catalogDeps(this.env), requests))
  }

  returnSales(requests: Parameters<CatalogRpc['returnSales']>[0], trace: TraceContext) {
    return answerRpc('returnSales', trace, () => returnSales(catalogDeps(this.env), requests))
  }

  commitHolds(requests: Parameters<CatalogRpc['commitHolds']>[0], trace: TraceContext) {
    return answerRpc('commitHolds', trace, () => commitHolds(catalogDeps(this.env), requests))
  }

  takeBack(requests: Parameters<CatalogRpc['takeBack']>[0], trace: TraceContext) {
    return answerRpc('takeBack', trace, () => takeBack(catalogDeps(this.env), requests))
  }

  pullEvents(request: Parameters<CatalogRpc['pullEvents']>[0], trace: TraceContext) {
    return answerRpc('pullEvents', trace, () => pullEvents(catalogDeps(this.env), request))
  }

  confirmEvents(request: Parameters<CatalogRpc['confirmEvents']>[0], trace: TraceContext) {
    return answerRpc('confirmEvents', trace, () => confirmEvents(catalogDeps(this.env), request))
  }

  findHolds(holds: Parameters<CatalogRpc['findHolds']>[0], trace: TraceContext) {
    return answerRpc('findHolds', trace, () => findHolds(catalogDeps(this.env), holds))
  }

  /** No event of users is for catalog so far: see the catalogue of events. */
  receiveUsersEvents(events: Parameters<CatalogRpc['receiveUsersEvents']>[0], trace: TraceContext) {
    return answerRpc('receiveUsersEvents', trace, () => receiveUsersEvents<'catalog'>({}, events))
  }
}
