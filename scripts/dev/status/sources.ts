import { FAULTS_PATH } from '@shop/emulator-kit/fault-control'
import { TABLES_PATH } from '@shop/neon-emulator/answer'
import type { DatabaseOverview } from '@shop/neon-emulator/tables'
import type { KeyInfo } from '@shop/upstash-emulator'

/** The running emulators. A missing one is replaced by the real service, which is not read. */
export type StatusSources = {
  /** The Neon endpoint, ending in /sql. */
  neonUrl?: string
  stripe?: { url: string; secretKey: string }
  redis?: { engine: string; keys(): Promise<KeyInfo[]>; faults: { list(): SetFault[] } }
  /** Of the API, which knows the backlog of events. */
  shopUrl: string
}

/** `left` is null when it is unlimited and came as JSON. */
export type SetFault = { fault: object; left: number | null; hits: number }

export type StripeObject = Record<string, unknown> & { id: string; created: number }

export type StripeOverview = {
  /** Newest first, at most 50 of each; null while faults are active, because reading would trigger them. */
  objects: Record<string, StripeObject[]> | null
  events: { id: string; type: string; created: number; state: string }[] | null
}

/** The deliveries of a service's events that are not done. */
export type EventBacklog = { service: string; pending: number; parked: number; lagSeconds: number }

const TIMEOUT_MS = 3_000
const STRIPE_LISTS = ['payment_intents', 'charges', 'refunds', 'disputes']

export function readDatabase(neonUrl: string): Promise<DatabaseOverview> {
  // The Neon emulator of this repository answers, so the shape is known.
  return getJson(new URL(TABLES_PATH, neonUrl)) as Promise<DatabaseOverview>
}

/**
 * The backlog of each service that has an event log, by the shop's readiness. Null where faults are set at the database,
 * which reading would use up.
 */
export async function readEvents({ shopUrl, neonUrl }: StatusSources): Promise<EventBacklog[] | null> {
  if (neonUrl !== undefined && isArmed(await readFaults(neonUrl))) return null
  // Our own gateway answers, so the shape is known.
  const { checks } = (await getJson(new URL('/health/ready', shopUrl))) as Readiness
  return Object.entries(checks).flatMap(([service, { events }]) =>
    events === undefined
      ? []
      : [{ service, pending: events.pending, parked: events.parked, lagSeconds: events.lag_seconds }],
  )
}

type Readiness = {
  checks: Record<string, { events?: { pending: number; parked: number; lag_seconds: number } }>
}

/** Whether a fault waits for a next request. */
const isArmed = (faults: SetFault[]) => faults.some(({ left }) => left === null || left > 0)

export function readFaults(baseUrl: string): Promise<SetFault[]> {
  return getJson(new URL(FAULTS_PATH, baseUrl)) as Promise<SetFault[]>
}

/** Reads as a client of the API, but not while faults are active: this request would trigger them. */
export async function readStripe(stripe: { url: string; secretKey: string }): Promise<StripeOverview> {
  if (isArmed(await readFaults(stripe.url))) return { objects: null, events: null }
  const [events, deliveries, ...lists] = await Promise.all([
    list(stripe, 'events'),
    getJson(new URL('/_control/webhooks', stripe.url)) as Promise<Deliveries>,
    ...STRIPE_LISTS.map((name) => list(stripe, name)),
  ])
  return {
    objects: Object.fromEntries(STRIPE_LISTS.map((name, index) => [name, lists[index] ?? []])),
    events: events.map(({ id, type, created }) => ({
      id,
      type: String(type),
      created,
      state: deliveryState(id, deliveries),
    })),
  }
}

type Deliveries = {
  pending: { eventId: string; attempts: number; nextAt: string }[]
  attempts: { eventId: string; attempt: number; result: number | 'dropped' | { error: string } }[]
}

/** Attempts are known since the emulator started; pending deliveries are on disk. */
function deliveryState(eventId: string, { pending, attempts }: Deliveries): string {
  const tried = attempts.filter((attempt) => attempt.eventId === eventId)
  const last = tried.at(-1)?.result
  const answer = last === undefined ? '' : typeof last === 'object' ? last.error : String(last)
  const waiting = pending.find((delivery) => delivery.eventId === eventId)
  if (waiting) return `waiting, next at ${waiting.nextAt}${answer && ` (attempt ${waiting.attempts}: ${answer})`}`
  if (last === undefined) return 'sent before this start'
  return last === 'dropped' ? 'dropped' : `answered ${answer}${tried.length > 1 ? ` at attempt ${tried.length}` : ''}`
}

async function list({ url, secretKey }: { url: string; secretKey: string }, name: string): Promise<StripeObject[]> {
  const headers = { authorization: `Bearer ${secretKey}` }
  const found = (await getJson(new URL(`/v1/${name}?limit=50`, url), headers)) as { data: StripeObject[] }
  return found.data
}

async function getJson(url: URL, headers: Record<string, string> = {}): Promise<unknown> {
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) })
  const body = await response.json()
  if (!response.ok) throw new Error(`${url.pathname} answered ${response.status}: ${JSON.stringify(body)}`)
  return body
}
