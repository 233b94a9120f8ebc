import { DurableObject } from 'cloudflare:workers'
import { ACCESS_TOKEN_SECONDS, type Revocations } from '@shop/contracts/users/access-tokens'
import { guarded } from '@shop/http/guard'

const PREFIX = 'ended:'

/** Until every access token of an ended session has expired, with room for clocks that differ. */
const KEPT_MS = (ACCESS_TOKEN_SECONDS + 300) * 1_000

/**
 * What a user can no longer use: the sessions that ended while their access tokens may still be valid. There is one object
 * per user, by the user's id, and only Postgres knows more. Most users have none: it holds nothing unless something ended a
 * short time ago.
 */
export class RevocationObject extends DurableObject<UsersEnv> implements Revocations {
  /** Asked by the gateway before each write, over its own binding. */
  async isEnded(credentialId: string): Promise<boolean> {
    return this.ctx.storage.kv.get(PREFIX + credentialId) !== undefined
  }

  async end(credentialIds: string[]): Promise<void> {
    const until = Date.now() + KEPT_MS
    for (const id of credentialIds) this.ctx.storage.kv.put(PREFIX + id, until)
    await this.#wakeBy(until)
  }

  override async alarm(): Promise<void> {
    await guarded('revocation_alarm_failed', async () => {
      const now = Date.now()
      const kept = [...this.ctx.storage.kv.list<number>({ prefix: PREFIX })]
      const left = kept.filter(([, until]) => until > now)
      if (left.length === 0) return this.ctx.storage.deleteAll()
      for (const [key, until] of kept) if (until <= now) this.ctx.storage.kv.delete(key)
      await this.ctx.storage.setAlarm(Math.min(...left.map(([, until]) => until)))
    })
  }

  /** An earlier alarm stays: it sets the next one. */
  async #wakeBy(at: number): Promise<void> {
    if ((await this.ctx.storage.getAlarm()) === null) await this.ctx.storage.setAlarm(at)
  }
}
