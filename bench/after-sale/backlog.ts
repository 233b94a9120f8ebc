import { setTimeout as sleep } from 'node:timers/promises'
import { EVENT_SERVICES } from '@shop/services'
import pg from 'pg'
import type { Services } from '../services.ts'

const BETWEEN_SWEEPS_MS = 2_000
const SETTLED_WITHIN_MS = 300_000

/** Events, mails and webhooks that are still to be delivered. */
const OPEN = [
  ...EVENT_SERVICES.map(({ name }) => `(select count(*) from ${name}.event_deliveries where status = 'pending')`),
  `(select count(*) from notifications.mails where status = 'queued')`,
  `(select count(*) from notifications.webhook_deliveries where status = 'pending')`,
].join(' + ')

/**
 * Sweeps until everything that follows the orders is done.
 *
 * @throws Error when that takes longer than five minutes
 */
export async function settleAll({ adminUrl, sweep }: Pick<Services, 'adminUrl' | 'sweep'>): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  const deadline = Date.now() + SETTLED_WITHIN_MS
  try {
    for (;;) {
      await sweep()
      const { rows } = await client.query<{ open: string }>(`select ${OPEN} as open`)
      const open = Number(rows[0]?.open)
      if (open === 0) return
      if (Date.now() > deadline) throw new Error(`${open} deliveries are still open`)
      await sleep(BETWEEN_SWEEPS_MS)
    }
  } finally {
    await client.end()
  }
}
