import { DurableObject } from 'cloudflare:workers'
import { guarded } from '@shop/http/guard'
import { countIn, type Quota, type QuotaStatus, uncountIn, type Window, windowExpiry } from './domain/sliding-window.ts'

const WINDOW = 'window'

/** One counter of one limit; its name contains both. It deletes itself when it no longer counts anything. */
export class LimiterObject extends DurableObject<UsersEnv> {
  /** No await between reading and writing, so two attempts cannot both use the last of a quota. */
  async count(limit: Quota): Promise<QuotaStatus> {
    const { window, status } = countIn(this.#window(), limit, new Date())
    if (status.isAllowed) await this.#save(window, limit)
    return status
  }

  async uncount(limit: Quota): Promise<void> {
    const window = this.#window()
    // A window that was deleted no longer counts the attempt either.
    if (window !== undefined) await this.#save(uncountIn(window, limit, new Date()), limit)
  }

  override async alarm(): Promise<void> {
    await guarded('limiter_alarm_failed', () => this.ctx.storage.deleteAll())
  }

  #window(): Window | undefined {
    return this.ctx.storage.kv.get<Window>(WINDOW)
  }

  /** Every write moves the alarm, so when it fires the count has expired. */
  async #save(window: Window, limit: Quota): Promise<void> {
    this.ctx.storage.kv.put(WINDOW, window)
    await this.ctx.storage.setAlarm(windowExpiry(window, limit))
  }
}
