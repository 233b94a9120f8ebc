import { thinEvent } from '../events/event.ts'
import type { Store } from '../store/store.ts'
import type { Deliveries, Delivery, Ended } from './deliveries.ts'
import { DeliveryAgents, sendEvent } from './send.ts'

export interface WebhookTarget {
  url: string
  /** The endpoint's signing secret, `whsec_…`. */
  secret: string
  /** The event types to send. Default: all. */
  enabledEvents?: readonly string[]
  /** `thin` events only name their object. Default `snapshot`. */
  payload?: 'snapshot' | 'thin'
}

/** One attempt to deliver an event, for tests. */
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

/** Sends recorded events to the webhook endpoint until it answers 2xx: several at once, in no guaranteed order. */
export class Webhooks {
  readonly #store: Store
  readonly #deliveries: Deliveries
  readonly #now: () => Date
  readonly #abort = new AbortController()
  readonly #sending = new Map<string, Promise<void>>()
  readonly #redeliverAfter = new Set<string>()
  readonly #attempts: Attempt[] = []
  readonly #drops: { left: number; type: string | undefined }[] = []
  #target: WebhookTarget | undefined
  #paused = false
  #delayMs = 0
  #timer: NodeJS.Timeout | undefined
  #waking: NodeJS.Immediate | undefined
  /** Ended deliveries that are not yet written to the store. */
  readonly #ended = new Map<string, Ended>()
  readonly #agents = new DeliveryAgents()

  /** @internal */
  constructor(store: Store, deliveries: Deliveries, target: WebhookTarget | undefined, now: () => Date) {
    this.#store = store
    this.#deliveries = deliveries
    this.#target = target
    this.#now = now
  }

  /** @internal Queued events go to the new endpoint. As at Stripe, events recorded without one are never sent. */
  setTarget(target: WebhookTarget | undefined): void {
    this.#target = target
    this.wake()
  }

  /** @internal call it in the transaction that records the event */
  enqueue(eventId: string, type: string): void {
    if (!this.#target || this.#target.enabledEvents?.includes(type) === false) return
    this.#deliveries.enqueue(eventId, this.#now().getTime() + this.#delayMs)
  }

  /** Starts no more deliveries. Running ones complete. */
  pause(): void {
    this.#paused = true
  }

  resume(): void {
    this.#paused = false
    this.wake()
  }

  /** Sends an event again until it gets a 2xx, even if it was delivered before. */
  redeliver(eventId: string): void {
    if (this.#store.find('event', eventId) === undefined) throw new Error(`There is no event ${eventId}`)
    this.#writeEnded()
    // A running delivery would mark this one as done too, so this one waits for its end.
    if (this.#sending.has(eventId)) this.#redeliverAfter.add(eventId)
    else this.#deliveries.enqueue(eventId, this.#now().getTime())
    this.wake()
  }

  /** Drops the next `count` deliveries, optionally of one event type: no attempt and no retry. */
  dropNext(count = 1, type?: string): void {
    this.#drops.push({ left: count, type })
  }

  /** Delays the first attempt of each later event. */
  delayBy(ms: number): void {
    this.#delayMs = ms
  }

  /** Attempts all queued deliveries now instead of after their back-off. */
  retryNow(): void {
    this.#deliveries.makeAllDue(this.#now().getTime())
    this.wake()
  }

  /** The queued events. */
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

  /** @internal starts due deliveries and sets a timer for the next; calls in one turn are combined */
  wake(): void {
    this.#waking ??= setImmediate(() => {
      this.#waking = undefined
      if (!this.#abort.signal.aborted) this.#deliverDue()
    })
  }

  #deliverDue(): void {
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
    if (next !== undefined) this.#timer = setTimeout(() => this.wake(), Math.min(next - now, LONGEST_RETRY_MS))
  }

  #writeEnded(): void {
    if (this.#ended.size === 0) return
    this.#deliveries.finish(this.#ended)
    this.#ended.clear()
  }

  /** @internal stops at once; running deliveries count as not attempted */
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
      if (this.#redeliverAfter.delete(delivery.eventId)) this.redeliver(delivery.eventId)
      this.wake()
    })
    this.#sending.set(delivery.eventId, sending)
  }

  async #send(delivery: Delivery, target: WebhookTarget): Promise<void> {
    const { eventId, attempts } = delivery
    const event = this.#store.find('event', eventId)
    if (!event) return this.#end(eventId, 'dropped')
    const attempt = attempts + 1
    const record = (result: Attempt['result']) => {
      this.#attempts.push({ eventId, type: event.type, attempt, at: this.#now(), result })
      if (this.#attempts.length > ATTEMPTS_REMEMBERED) this.#attempts.shift()
    }
    const drop = this.#drops.find(({ left, type }) => left > 0 && (type === undefined || type === event.type))
    if (drop) {
      drop.left -= 1
      record('dropped')
      return this.#end(eventId, 'dropped')
    }
    try {
      const timestamp = Math.floor(this.#now().getTime() / 1000)
      const sent = target.payload === 'thin' ? thinEvent(event) : event
      const status = await sendEvent(target, JSON.stringify(sent, null, 2), {
        timestamp,
        agents: this.#agents,
        abort: this.#abort.signal,
      })
      record(status)
      if (status >= 200 && status < 300) return this.#end(eventId, 'delivered')
    } catch (error) {
      if (this.#abort.signal.aborted) return
      record({ error: error instanceof Error ? error.message : String(error) })
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
