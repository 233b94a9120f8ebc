import { WorkerEntrypoint } from 'cloudflare:workers'
import type { Sweepable, SweepReport } from '@shop/contracts'
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
    return sweepOrders(ordersDeps(this.env))
  }
}
