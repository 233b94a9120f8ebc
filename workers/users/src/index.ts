import { WorkerEntrypoint } from 'cloudflare:workers'
import type { Sweepable, SweepReport } from '@shop/contracts/service'
import { guarded } from '@shop/http/guard'
import { usersApp } from './app.ts'
import { usersDeps } from './deps.ts'
import { sweepUsers } from './sweep.ts'

const app = usersApp()

export { LimiterObject } from './limits/limiter-object.ts'

export default class Users extends WorkerEntrypoint<UsersEnv> implements Sweepable {
  override fetch(request: Request): Response | Promise<Response> {
    return app.fetch(request, this.env, this.ctx)
  }

  sweep(): Promise<SweepReport> {
    return guarded('sweep_failed', () => sweepUsers(usersDeps(this.env)))
  }
}
