import { DurableObject } from 'cloudflare:workers'
import { forgottenAt, giveBackTo, type Quota, type Standing, takeFrom, type Window } from '../domain/sliding-window.ts'

const WINDOW = 'window'

/** One counter of one limit; its name is both. It forgets itself when nothing of it counts any more. */
export class LimiterObject extends DurableObject<UsersEnv> {
  /** Nothing is awaited between reading and writing, so no two can both take the last of a quota. */
  async take(limit: Quota): Promise<Standing> {
    const { window, standing } = takeFrom(this.#window(), limit, new Date())
    if (standing.isAllowed) await this.#save(window, limit)
    return standing
  }

  async giveBack(limit: Quota): Promise<void> {
    const window = this.#window()
    // What was forgotten already needs no taking back.
    if (window !== undefined) await this.#save(giveBackTo(window, limit, new Date()), limit)
  }

  override async alarm(): Promise<void> {
    await this.ctx.storage.deleteAll()
  }

  #window(): Window | undefined {
    return this.ctx.storage.kv.get<Window>(WINDOW)
  }

  /** Every write moves the alarm along, so one that fires finds nothing that counts. */
  async #save(window: Window, limit: Quota): Promise<void> {
    this.ctx.storage.kv.put(WINDOW, window)
    await this.ctx.storage.setAlarm(forgottenAt(window, limit))
  }
}
