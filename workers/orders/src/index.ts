import type { Sweepable, SweepReport, SweepRequest } from '@shop/contracts/service'
import { sweeperObject } from '@shop/http/sweep/sweeper-object'
import { wakeSweeper } from '@shop/http/sweep/wake-sweeper'
import { ordersApp } from './app.ts'
import { ordersDeps } from './deps.ts'
import { OrdersService } from './rpc.ts'
import { ordersTasks } from './sweep.ts'

export { CartObject } from './carts/cart-object.ts'
export { OrdersService } from './rpc.ts'

const app = ordersApp()

/** Does what is due by time. */
export class Sweeper extends sweeperObject({
  service: 'orders',
  tasksOf: (env: OrdersEnv) => ordersTasks(ordersDeps(env)),
}) {}

/** What the gateway calls: the routes, and the methods beside them. */
export default class Orders extends OrdersService implements Sweepable {
  override fetch(request: Request): Response | Promise<Response> {
    return app.fetch(request, this.env, this.ctx)
  }

  sweep(request?: SweepRequest): Promise<SweepReport> {
    return wakeSweeper(this.env, 'sweep', request)
  }
}
