import type { DatabaseOverview } from '@shop/neon-emulator/tables'
import type { KeyInfo } from '@shop/upstash-emulator'
import {
  type EventBacklog,
  readDatabase,
  readEvents,
  readFaults,
  readStripe,
  type SetFault,
  type StatusSources,
  type StripeObject,
  type StripeOverview,
} from './sources.ts'

/** What was found, why it could not be read, or that the part is a real service. */
export type Found<T> = { state: 'read'; value: T } | { state: 'failed'; reason: string } | { state: 'real' }

export type Status = {
  database: Found<DatabaseOverview>
  /** Null where faults are set, which reading would use up. */
  events: Found<EventBacklog[] | null>
  redis: Found<{ engine: string; keys: KeyInfo[] }>
  stripe: Found<StripeOverview>
  faults: { neon: Found<SetFault[]>; redis: Found<SetFault[]>; stripe: Found<SetFault[]> }
}

/** Reads all parts at once; a part that does not answer does not affect the others. */
export async function readStatus(sources: StatusSources): Promise<Status> {
  const { neonUrl, stripe, redis } = sources
  const [database, events, redisFound, stripeFound, neonFaults, redisFaults, stripeFaults] = await Promise.all([
    found(neonUrl, readDatabase),
    found(sources, readEvents),
    found(redis, async ({ engine, keys }) => ({ engine, keys: (await keys()).sort(byKey) })),
    found(stripe, async (source) => withoutSecrets(await readStripe(source))),
    found(neonUrl, readFaults),
    found(redis, async ({ faults }) => faults.list()),
    found(stripe, ({ url }) => readFaults(url)),
  ])
  return {
    database,
    events,
    redis: redisFound,
    stripe: stripeFound,
    faults: { neon: neonFaults, redis: redisFaults, stripe: stripeFaults },
  }
}

async function found<S, T>(source: S | undefined, read: (source: S) => Promise<T>): Promise<Found<T>> {
  if (source === undefined) return { state: 'real' }
  try {
    return { state: 'read', value: await read(source) }
  } catch (error) {
    return { state: 'failed', reason: error instanceof Error ? error.message : String(error) }
  }
}

function byKey(a: KeyInfo, b: KeyInfo): number {
  return a.key < b.key ? -1 : 1
}

/** Anyone with a client secret can confirm the payment, so the page does not show it. */
function withoutSecrets({ objects, events }: StripeOverview): StripeOverview {
  const clean = (object: StripeObject) => ({
    ...object,
    ...('client_secret' in object ? { client_secret: '***' } : {}),
  })
  const lists = Object.entries(objects ?? {}).map(([name, list]) => [name, list.map(clean)] as const)
  return { objects: objects && Object.fromEntries(lists), events }
}
