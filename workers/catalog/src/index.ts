import { WorkerEntrypoint } from 'cloudflare:workers'
import type { Sweepable } from '@shop/contracts'
import { catalogApp } from './app.ts'
import { depsOf } from './deps.ts'
import { sweepCatalog } from './operations/sweep-catalog.ts'

export { CatalogService } from './rpc.ts'
export { StockObject } from './stock/stock-object.ts'
export { StockProjector } from './stock/stock-projector.ts'

const app = catalogApp(depsOf)

export default class Catalog extends WorkerEntrypoint<CatalogEnv> implements Sweepable {
  override fetch(request: Request) {
    return app.fetch(request, this.env, this.ctx)
  }

  sweep() {
    return sweepCatalog(depsOf(this.env))
  }
}
