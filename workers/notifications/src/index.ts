import type { Sweepable, SweepReport, SweepRequest } from '@shop/contracts/service'
import { guarded } from '@shop/http/guard'
import { sweeperObject } from '@shop/http/sweep/sweeper-object'
import { wakeSweeper } from '@shop/http/sweep/wake-sweeper'
import { WEBHOOKS_MESSAGE } from '@shop/http/wake'
import { notificationsApp } from './app.ts'
import { notificationsDeps } from './deps.ts'
import { readStockLevels } from './live/read-stock-levels.ts'
import { tellStockLevels } from './live/tell-stock-levels.ts'
import { NotificationsService } from './rpc.ts'
import { LIVE_SWEEPER, notificationsTasks } from './sweep.ts'
import { WEBHOOKS_SWEEPER } from './webhook-endpoints/sweepers.ts'

export { LiveTopicObject } from './live/object/topic-object.ts'

const app = notificationsApp()

const SWEEPER = 'sweep'

/**
 * Does what is due by time: one object sends mails, so that none is sent by two at once; one tells live updates; one writes
 * events down for webhook endpoints; and each endpoint has one that sends to it.
 */
export class Sweeper extends sweeperObject({
  service: 'notifications',
  tasksOf: (env: NotificationsEnv, name) => notificationsTasks(notificationsDeps(env), name),
}) {}

/** What the gateway calls: the routes, and the methods beside them. */
export default class Notifications extends NotificationsService implements Sweepable {
  override fetch(request: Request): Response | Promise<Response> {
    return app.fetch(request, this.env, this.ctx)
  }

  async sweep(request?: SweepRequest): Promise<SweepReport> {
    const sweepers = [SWEEPER, LIVE_SWEEPER, WEBHOOKS_SWEEPER]
    const reports = await Promise.all(sweepers.map((name) => wakeSweeper(this.env, name, request)))
    return Object.assign({}, ...reports)
  }

  /**
   * A message that has no stock levels says only that a service has events; they are pulled, so a lost message loses nothing.
   * Most writes have events for webhook endpoints only, which need not wake all.
   */
  override async queue({ messages }: MessageBatch): Promise<void> {
    const bodies = messages.map(({ body }) => body)
    const levels = readStockLevels(bodies)
    if (levels.length > 0) {
      await guarded('stock_levels_lost', () => tellStockLevels(notificationsDeps(this.env), levels))
    } else if (bodies.every((body) => body === WEBHOOKS_MESSAGE)) {
      await wakeSweeper(this.env, WEBHOOKS_SWEEPER)
    } else {
      await this.sweep()
    }
  }
}
