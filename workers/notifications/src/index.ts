import { WorkerEntrypoint } from 'cloudflare:workers'
import type { Sweepable, SweepReport, SweepRequest } from '@shop/contracts/service'
import { guarded } from '@shop/http/guard'
import { sweeperObject } from '@shop/http/sweep/sweeper-object'
import { wakeSweeper } from '@shop/http/sweep/wake-sweeper'
import { notificationsApp } from './app.ts'
import { notificationsDeps } from './deps.ts'
import { readStockLevels } from './live/read-stock-levels.ts'
import { tellStockLevels } from './live/tell-stock-levels.ts'
import { liveTasks, notificationsTasks } from './sweep.ts'

export { LiveTopicObject } from './live/object/topic-object.ts'

const app = notificationsApp()

const SWEEPER = 'sweep'
/** Tells live updates, so that they do not wait for a provider of mails. */
const LIVE = 'live'

/**
 * Sends the mails of the other services' events, and does what else is due by time. No mail is sent by two objects at once.
 */
export class Sweeper extends sweeperObject({
  service: 'notifications',
  tasksOf: (env: NotificationsEnv, name) => (name === LIVE ? liveTasks : notificationsTasks)(notificationsDeps(env)),
}) {}

export default class Notifications extends WorkerEntrypoint<NotificationsEnv> implements Sweepable {
  override fetch(request: Request): Response | Promise<Response> {
    return app.fetch(request, this.env, this.ctx)
  }

  async sweep(request?: SweepRequest): Promise<SweepReport> {
    const reports = [wakeSweeper(this.env, SWEEPER, request), wakeSweeper(this.env, LIVE, request)]
    const [swept, told] = await Promise.all(reports)
    return { ...swept, ...told }
  }

  /**
   * A message that has no stock levels says only that a service has events; they are pulled, so a lost message loses nothing.
   */
  override async queue({ messages }: MessageBatch): Promise<void> {
    const levels = readStockLevels(messages.map(({ body }) => body))
    await Promise.all([
      levels.length > 0 && guarded('stock_levels_lost', () => tellStockLevels(notificationsDeps(this.env), levels)),
      levels.length === 0 && wakeSweeper(this.env, LIVE),
      levels.length === 0 && wakeSweeper(this.env, SWEEPER),
    ])
  }
}
