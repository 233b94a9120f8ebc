import { WorkerEntrypoint } from 'cloudflare:workers'
import type { Sweepable } from '@shop/contracts/service'
import { guarded } from '@shop/http/guard'
import { catalogApp } from './app.ts'
import { catalogDeps } from './deps.ts'
import { sweepCatalog } from './sweep.ts'

export { CatalogService } from './rpc.ts'
export { StockObject } from './stock/object/stock-object.ts'
export { StockProjector } from './stock/object/stock-projector.ts'

const app = catalogApp(catalogDeps)

export default class Catalog extends WorkerEntrypoint<CatalogEnv> implements Sweepable {
  override fetch(request: Request) {
    return app.fetch(request, this.env, this.ctx)
  }

  sweep() {
    return guarded('sweep_failed', () => sweepCatalog(catalogDeps(this.env)))
  }
}
