import type { Sweepable, SweepReport, SweepRequest } from '@shop/contracts/service'
import { sweeperObject } from '@shop/http/sweep/sweeper-object'
import { wakeSweeper } from '@shop/http/sweep/wake-sweeper'
import { notificationsApp } from './app.ts'
import { notificationsDeps } from './deps.ts'
import { NotificationsService } from './rpc.ts'
import { notificationsTasks } from './sweep.ts'

const app = notificationsApp()

const SWEEPER = 'sweep'

/** Sends the mails of the other services' events, and does what else is due by time. One object: no mail is sent by two at once. */
export class Sweeper extends sweeperObject({
  service: 'notifications',
  tasksOf: (env: NotificationsEnv) => notificationsTasks(notificationsDeps(env)),
}) {}

/** What the gateway calls: the routes, and the methods beside them. */
export default class Notifications extends NotificationsService implements Sweepable {
  override fetch(request: Request): Response | Promise<Response> {
    return app.fetch(request, this.env, this.ctx)
  }

  sweep(request?: SweepRequest): Promise<SweepReport> {
    return wakeSweeper(this.env, SWEEPER, request)
  }

  /** A message says only that a service has events; they are pulled, so a lost message loses nothing. */
  override async queue(): Promise<void> {
    await wakeSweeper(this.env, SWEEPER)
  }
}
