import type { Sweepable, SweepReport, SweepRequest } from '@shop/contracts/service'
import { sweeperObject } from '@shop/http/sweep/sweeper-object'
import { wakeSweeper } from '@shop/http/sweep/wake-sweeper'
import { paymentsApp } from './app.ts'
import { DELIVERIES, paymentsDeps } from './deps.ts'
import { PaymentsService } from './rpc.ts'
import { deliveryTasks, followTasks, paymentsTasks } from './sweep.ts'

export { PaymentsService } from './rpc.ts'
export { StripeBudget } from './stripe/budget-object.ts'

const app = paymentsApp()

/** Only follows orders, so that a cancellation does not wait for the end of a long sweep. */
const FOLLOW = 'follow'

/** The tasks of a sweeper by its name; others do all. */
const TASKS: Record<string, typeof paymentsTasks> = { [FOLLOW]: followTasks, [DELIVERIES]: deliveryTasks }

/** Does what is due by time. */
export class Sweeper extends sweeperObject({
  service: 'payments',
  tasksOf: (env: PaymentsEnv, name) => (TASKS[name] ?? paymentsTasks)(paymentsDeps(env)),
}) {}

/** What the gateway calls: the routes, and the methods beside them. */
export default class Payments extends PaymentsService implements Sweepable {
  override fetch(request: Request): Response | Promise<Response> {
    return app.fetch(request, this.env, this.ctx)
  }

  sweep(request?: SweepRequest): Promise<SweepReport> {
    return wakeSweeper(this.env, 'sweep', request)
  }

  /** A message says only that orders has events; they are pulled, so a lost message loses nothing. */
  override async queue(): Promise<void> {
    await wakeSweeper(this.env, FOLLOW)
  }
}
