import { WorkerEntrypoint } from 'cloudflare:workers'
import type { Sweepable, SweepReport } from '@shop/contracts/service'
import { guarded } from '@shop/http/guard'
import { ordersApp } from './app.ts'
import { ordersDeps } from './deps.ts'
import { sweepOrders } from './sweep.ts'

export { OrdersService } from './rpc.ts'

const app = ordersApp()

export default class Orders extends WorkerEntrypoint<OrdersEnv> implements Sweepable {
  override fetch(request: Request): Response | Promise<Response> {
    return app.fetch(request, this.env, this.ctx)
  }

  sweep(): Promise<SweepReport> {
    return guarded('sweep_failed', () => sweepOrders(ordersDeps(this.env)))
  }
}
