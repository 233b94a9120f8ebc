import type { Sweepable, SweepReport, SweepRequest } from '@shop/contracts/service'
import { sweeperObject } from '@shop/http/sweep/sweeper-object'
import { wakeSweeper } from '@shop/http/sweep/wake-sweeper'
import { usersApp } from './app.ts'
import { DELIVERIES, usersDeps } from './deps.ts'
import { UsersService } from './rpc.ts'
import { deliveryTasks, usersTasks } from './sweep.ts'

const app = usersApp()

export { LimiterObject } from './limits/limiter-object.ts'
export { SignInObject } from './limits/sign-in-object.ts'
export { UsersService } from './rpc.ts'
export { RevocationObject } from './sessions/revocation-object.ts'

/** Does what is due by time. */
export class Sweeper extends sweeperObject({
  service: 'users',
  tasksOf: (env: UsersEnv, name) => (name === DELIVERIES ? deliveryTasks : usersTasks)(usersDeps(env)),
}) {}

/** What the gateway calls: the routes, and the methods beside them. */
export default class Users extends UsersService implements Sweepable {
  override fetch(request: Request): Response | Promise<Response> {
    return app.fetch(request, this.env, this.ctx)
  }

  sweep(request?: SweepRequest): Promise<SweepReport> {
    return wakeSweeper(this.env, 'sweep', request)
  }
}
