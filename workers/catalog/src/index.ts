import { WorkerEntrypoint } from 'cloudflare:workers'
import type { Sweepable, SweepReport, SweepRequest } from '@shop/contracts/service'
import { sweeperObject } from '@shop/http/sweep/sweeper-object'
import { wakeSweeper } from '@shop/http/sweep/wake-sweeper'
import { catalogApp } from './app.ts'
import { catalogDeps } from './deps.ts'
import { catalogTasks } from './sweep.ts'

export { CatalogService } from './rpc.ts'
export { StockObject } from './stock/object/stock-object.ts'
export { StockProjector } from './stock/object/stock-projector.ts'

const app = catalogApp(catalogDeps)

/** Does what is due by time. */
export class Sweeper extends sweeperObject({
  service: 'catalog',
  tasksOf: (env: CatalogEnv) => catalogTasks(catalogDeps(env)),
}) {}

export default class Catalog extends WorkerEntrypoint<CatalogEnv> implements Sweepable {
  override fetch(request: Request) {
    return app.fetch(request, this.env, this.ctx)
  }

  sweep(request?: SweepRequest): Promise<SweepReport> {
    return wakeSweeper(this.env, 'sweep', request)
  }
}
