import type { Announcement, EventRepository } from '../../../src/events/repository.ts'

type Row = Announcement & { id: number; key: string; isConfirmed: boolean }

/** The outbox in memory: an event is due until it is confirmed. */
export class FakeEvents implements EventRepository {
  readonly rows: Row[] = []

  /** @returns false when the event was written before */
  write(announcement: Announcement): boolean {
    const { kind, payment } = announcement
    const key = 'refundId' in payment ? payment.refundId : payment.paymentId
    if (this.rows.some((row) => row.kind === kind && row.key === key)) return false
    this.rows.push({ ...announcement, id: this.rows.length + 1, key, isConfirmed: false })
    return true
  }

  get unconfirmed(): string[] {
    return this.rows.filter((row) => !row.isConfirmed).map(({ kind }) => kind)
  }

  async claim({ limit }: { limit: number }) {
    return this.rows.filter((row) => !row.isConfirmed).slice(0, limit)
  }

  async confirm(event: { kind: Announcement['kind']; key: string }): Promise<void> {
    for (const row of this.rows) if (row.kind === event.kind && row.key === event.key) row.isConfirmed = true
  }

  prune = async () => 0
}
