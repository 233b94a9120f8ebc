import { DeliveryAgents, deliver } from './deliver.ts'
import type { Deliveries, Delivery, Ended } from './deliveries.ts'
import type { Store } from './store.ts'

export interface WebhookTarget {
  url: string
  /** The endpoint's signing secret, `whsec_…`. */
  secret: string
  /** Types of events it wants; all by default. */
  enabledEvents?: readonly string[]
}

/** One attempt to deliver, for tests to look at. */
export interface Attempt {
  eventId: string
  type: string
  attempt: number
  at: Date
  result: number | 'dropped' | { error: string }
}

const AT_ONCE = 8
const FIRST_RETRY_MS = 1000
const LONGEST_RETRY_MS = 60_000
const ATTEMPTS_REMEMBERED = 2000

/** Sends recorded events to the webhook endpoint until it answers 2xx: several at once, in no promised order. */
export class Webhooks {
  readonly #store: Store
  readonly #deliveries: Deliveries
  readonly #now: () => Date
  readonly #abort = new AbortController()
  readonly #sending = new Map<string, Promise<void>>()
  readonly #again = new Set<string>()
  readonly #attempts: Attempt[] = []
  readonly #drops: { left: number; type: string | undefined }[] = []
  #target: WebhookTarget | undefined
  #paused = false
  #delayMs = 0
  #timer: NodeJS.Timeout | undefined
  #kicked: NodeJS.Immediate | undefined
  /** Not yet written down. */
  readonly #ended = new Map<string, Ended>()
  readonly #agents = new DeliveryAgents()

  /** @internal */
  constructor(store: Store, deliveries: Deliveries, target: WebhookTarget | undefined, now: () => Date) {
    this.#store = store
    this.#deliveries = deliveries
    this.#target = target
    this.#now = now
  }

  /** @internal events recorded without an endpoint are never sent, as at Stripe; waiting ones go to the new endpoint */
  setTarget(target: WebhookTarget | undefined): void {
    this.#target = target
    this.kick()
  }

  /** @internal to be called in the transaction that recorded the event */
  enqueue(eventId: string, type: string): void {
    if (!this.#target || this.#target.enabledEvents?.includes(type) === false) return
    this.#deliveries.enqueue(eventId, this.#now().getTime() + this.#delayMs)
  }

  /** Holds deliveries back; what is under way is finished. */
  pause(): void {
    this.#paused = true
  }

  resume(): void {
    this.#paused = false
    this.kick()
  }

  /** Sends an event once more (and again until a 2xx), whether or not it was delivered before. */
  redeliver(eventId: string): void {
    if (this.#store.find('event', eventId) === undefined) throw new Error(`There is no event ${eventId}`)
    this.#writeEnded()
    // The delivery under way would mark this one done as well, so it waits for that one to end.
    if (this.#sending.has(eventId)) this.#again.add(eventId)
    else this.#deliveries.enqueue(eventId, this.#now().getTime())
    this.kick()
  }

  /** Loses the next deliveries (of one event type, if given) for good: they are not attempted, nor retried. */
  dropNext(count = 1, type?: string): void {
    this.#drops.push({ left: count, type })
  }

  /** First attempts wait this long from now on. */
  delayBy(ms: number): void {
    this.#delayMs = ms
  }

  /** Attempts all waiting deliveries now, instead of when their back-off ends. */
  retryNow(): void {
    this.#deliveries.makeAllDue(this.#now().getTime())
    this.kick()
  }

  /** Events not yet delivered. */
  pending(): { eventId: string; attempts: number; nextAt: Date }[] {
    this.#writeEnded()
    return this.#deliveries.pending().map(({ eventId, attempts, nextAt }) => {
      return { eventId, attempts, nextAt: new Date(nextAt) }
    })
  }

  /** The last attempts, oldest first. */
  attempts(): readonly Attempt[] {
    return this.#attempts
  }

  /** @internal starts what is due, and sets the timer for what is not; once for all that ask for it in a turn */
  kick(): void {
    this.#kicked ??= setImmediate(() => {
      this.#kicked = undefined
      if (!this.#abort.signal.aborted) this.#look()
    })
  }

  #look(): void {
    this.#writeEnded()
    clearTimeout(this.#timer)
    if (this.#paused || !this.#target) return
    const now = this.#now().getTime()
    const due = this.#deliveries.due(now, AT_ONCE + this.#sending.size)
    for (const delivery of due) {
      if (this.#sending.size >= AT_ONCE) return
      if (!this.#sending.has(delivery.eventId)) this.#start(delivery, this.#target)
    }
    const next = this.#deliveries.nextDueAfter(now)
    if (next !== undefined) this.#timer = setTimeout(() => this.kick(), Math.min(next - now, LONGEST_RETRY_MS))
  }

  #writeEnded(): void {
    if (this.#ended.size === 0) return
    this.#deliveries.finish(this.#ended)
    this.#ended.clear()
  }

  /** @internal stops at once: deliveries under way count as not made */
  async stop(): Promise<void> {
    clearTimeout(this.#timer)
    this.#abort.abort()
    await Promise.all(this.#sending.values())
    this.#agents.destroy()
    this.#writeEnded()
  }

  #start(delivery: Delivery, target: WebhookTarget): void {
    const sending = this.#send(delivery, target).then(() => {
      this.#sending.delete(delivery.eventId)
      if (this.#again.delete(delivery.eventId)) this.redeliver(delivery.eventId)
      this.kick()
    })
    this.#sending.set(delivery.eventId, sending)
  }

  async #send(delivery: Delivery, target: WebhookTarget): Promise<void> {
    const { eventId, attempts } = delivery
    const event = this.#store.find('event', eventId)
    if (!event) return this.#end(eventId, 'dropped')
    const attempt = attempts + 1
    const note = (result: Attempt['result']) => {
      this.#attempts.push({ eventId, type: event.type, attempt, at: this.#now(), result })
      if (this.#attempts.length > ATTEMPTS_REMEMBERED) this.#attempts.shift()
    }
    const drop = this.#drops.find(({ left, type }) => left > 0 && (type === undefined || type === event.type))
    if (drop) {
      drop.left -= 1
      note('dropped')
      return this.#end(eventId, 'dropped')
    }
    try {
      const timestamp = Math.floor(this.#now().getTime() / 1000)
      const status = await deliver(target, JSON.stringify(event, null, 2), {
        timestamp,
        agents: this.#agents,
        abort: this.#abort.signal,
      })
      note(status)
      if (status >= 200 && status < 300) return this.#end(eventId, 'delivered')
    } catch (error) {
      if (this.#abort.signal.aborted) return
      note({ error: error instanceof Error ? error.message : String(error) })
    }
    this.#retryLater(delivery)
  }

  #end(eventId: string, state: Ended): void {
    this.#ended.set(eventId, state)
  }

  #retryLater({ eventId, attempts, expiresAt }: Delivery): void {
    const wait = Math.min(FIRST_RETRY_MS * 2 ** attempts, LONGEST_RETRY_MS)
    const at = this.#now().getTime() + wait
    if (at > expiresAt) this.#end(eventId, 'expired')
    else this.#deliveries.retryAt(eventId, attempts + 1, at)
  }
}
