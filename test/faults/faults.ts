import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault as NeonFault } from '@shop/neon-emulator/faults'
import type { Fault as StripeFault } from '@shop/stripe-emulator'
import type { Platform } from '@shop/testing/platform'
import type { Fault as RedisFault } from '@shop/upstash-emulator/faults'
import pg from 'pg'

/** A kind of failure of a dependency that lasts until it is ended. */
export type OutageKind = {
  name: string
  /** How long it lasts at least before calls have met all of it, such as their own timeouts. */
  seconds: number
  /** Part of `npm test`; the others are part of `npm run test:long` only. */
  isShort?: boolean
  /** @returns what ends it */
  begin(platform: Platform): Promise<() => Promise<void>>
}

const ALWAYS = { times: Number.POSITIVE_INFINITY }
const BRIEF = 3
/** Longer than the 5 s after which a call counts as lost, so that calls end while it lasts. */
const LASTING = 8

type Armed = { remove(): void }
const armed = (arm: (platform: Platform) => Armed): OutageKind['begin'] => {
  return async (platform) => {
    const fault = arm(platform)
    return async () => fault.remove()
  }
}

const postgres = (name: string, fault: NeonFault, over: Partial<OutageKind> = {}): OutageKind => ({
  name: `Postgres ${name}`,
  seconds: BRIEF,
  begin: armed(({ database }) => database.faults.add({ ...fault, ...ALWAYS } as NeonFault)),
  ...over,
})
const redis = (name: string, fault: RedisFault, over: Partial<OutageKind> = {}): OutageKind => ({
  name: `Redis ${name}`,
  seconds: BRIEF,
  begin: armed(({ upstash }) => upstash.faults.add({ ...fault, ...ALWAYS } as RedisFault)),
  ...over,
})
const stripe = (name: string, fault: StripeFault, over: Partial<OutageKind> = {}): OutageKind => ({
  name: `Stripe ${name}`,
  seconds: BRIEF,
  begin: armed(({ stripe }) => stripe.faults.add({ ...fault, ...ALWAYS } as StripeFault)),
  ...over,
})

const gate = (how: 'refuse' | 'hang'): OutageKind['begin'] => {
  return async ({ databaseGate }) => {
    databaseGate.shut(how)
    return async () => databaseGate.open()
  }
}

const connectAsAdmin = async ({ database }: Platform) => {
  const client = new pg.Client({ connectionString: database.adminUrl })
  await client.connect()
  return client
}

const KILL_EVERY_MS = 15

/** Ends the backends of all services again and again. */
async function beginKilling(platform: Platform): Promise<() => Promise<void>> {
  const admin = await connectAsAdmin(platform)
  let isOver = false
  const killing = (async () => {
    let killed = 0
    while (!isOver) {
      const { rowCount } = await admin.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where usename like '%\\_service'`,
      )
      killed += rowCount ?? 0
      await sleep(KILL_EVERY_MS)
    }
    return killed
  })()
  return async () => {
    isOver = true
    if ((await killing) < 10) throw new Error('Hardly any backend was killed, so nothing was tested')
    await admin.end()
  }
}

/** Holds every table of orders and payments, as a migration could that locks them. */
async function beginLocking(platform: Platform): Promise<() => Promise<void>> {
  const admin = await connectAsAdmin(platform)
  await admin.query('begin')
  await admin.query('lock table orders.orders, payments.payments in access exclusive mode')
  return async () => {
    await admin.query('rollback')
    await admin.end()
  }
}

const refused = (code: string, at?: 'after'): NeonFault => ({ kind: 'status', status: 400, code, ...(at && { at }) })

/** Every kind of failure that the shop has to survive under load. */
export const OUTAGES: OutageKind[] = [
  postgres('refuses: connection failure (08006)', refused('08006')),
  postgres('loses its connection after the work (08006)', refused('08006', 'after')),
  postgres('refuses: password (28P01)', refused('28P01')),
  postgres('refuses: serialization (40001)', refused('40001')),
  postgres('refuses: deadlock (40P01)', refused('40P01')),
  postgres('refuses: too many connections (53300)', refused('53300')),
  postgres('refuses: lock not available (55P03)', refused('55P03')),
  postgres('refuses: shutdown (57P01)', refused('57P01')),
  postgres('is shut down after the work (57P01)', refused('57P01', 'after')),
  postgres('refuses: I/O error (58030)', refused('58030')),
  postgres('answers 502', { kind: 'status', status: 502, body: '<html>' }),
  { name: 'Postgres has its backends killed', seconds: BRIEF, isShort: true, begin: beginKilling },
  { name: 'Postgres has its tables locked', seconds: LASTING, begin: beginLocking },
  { name: 'Postgres hangs', seconds: LASTING, isShort: true, begin: gate('hang') },
  postgres('hangs after the work', { kind: 'hang', at: 'after' }, { seconds: LASTING }),
  postgres('drips its answers', { kind: 'drip', ms: 60_000 }, { seconds: LASTING }),
  { name: 'Postgres is gone', seconds: BRIEF, begin: gate('refuse') },
  redis('is gone', { kind: 'cut_before' }, { isShort: true }),
  redis('hangs', { kind: 'hang' }),
  stripe('is gone', { kind: 'cut_before' }),
  stripe('hangs', { kind: 'hang' }, { seconds: LASTING }),
  stripe('hangs after the work', { kind: 'hang', at: 'after' }, { seconds: LASTING }),
  stripe('loses its answers', { kind: 'cut_after' }),
  stripe('fails after the work', { kind: 'status', status: 500, at: 'after' }, { isShort: true }),
]
