import { consumersOf, type EventPayload, type EventType, type ShopEvent } from '@shop/contracts/events/catalogue'
import type { Receipt } from '@shop/contracts/events/delivery'
import type { EventLog } from '@shop/contracts/events/log'
import { now } from '../builders.ts'

type Row = { event: ShopEvent; receipt: Receipt | undefined }

/** The event log in memory: events for orders are due until a receipt has ended their delivery. */
export class FakeEvents implements EventLog {
  readonly rows: Row[] = []

  write<T extends EventType>(type: T, key: string, payload: EventPayload<T>): ShopEvent {
    const id = this.rows.length + 1
    // The type and the payload are a pair by the signature.
    const event = { id, type, version: 1, key, sequence: id, payload, createdAt: now } as ShopEvent
    this.rows.push({ event, receipt: undefined })
    return event
  }

  get types(): EventType[] {
    return this.rows.map(({ event }) => event.type)
  }

  /** The types of the events that orders has not confirmed. */
  get undelivered(): EventType[] {
    return this.#due().map(({ event }) => event.type)
  }

  /** Whether no earlier event of the key waits. */
  isNext(event: ShopEvent): boolean {
    return !this.#due().some((row) => row.event.key === event.key && row.event.id < event.id)
  }

  async pull({ limit }: { limit: number }): Promise<ShopEvent[]> {
    const due = this.#due().filter(({ event }) => this.isNext(event))
    return due.slice(0, limit).map(({ event }) => event)
  }

  /** @returns how many events waited for one of these */
  async settle({ receipts }: { receipts: readonly Receipt[] }): Promise<number> {
    const waiting = () => this.#due().filter(({ event }) => !this.isNext(event)).length
    const before = waiting()
    for (const receipt of receipts) {
      const row = this.rows.find(({ event }) => event.id === receipt.eventId)
      if (row !== undefined) row.receipt = receipt
    }
    return before - waiting()
  }

  list = async () => []
  retry = async () => false
  skip = async () => false
  replay = async () => ({ replayed: 0, lastId: undefined })
  lag = async () => []
  prune = async () => 0

  #due(): Row[] {
    return this.rows.filter(
      ({ event, receipt }) =>
        consumersOf(event.type).includes('orders') && (receipt === undefined || receipt.outcome === 'failed'),
    )
  }
}
