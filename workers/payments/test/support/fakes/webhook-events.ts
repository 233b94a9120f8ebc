import type { FlaggedEvent, ReceivedEvent, StoredEvent } from '../../../src/webhooks/domain/webhook-event.ts'
import type { WebhookEventRepository } from '../../../src/webhooks/repository.ts'

/** Webhook events in memory: the outcome of each, by its id. */
export class FakeWebhookEvents implements WebhookEventRepository {
  readonly outcomes = new Map<string, Pick<StoredEvent, 'outcome' | 'flag'>>()

  async store({ id, outcome, flag }: StoredEvent): Promise<void> {
    if (!this.outcomes.has(id)) this.outcomes.set(id, { outcome, flag } as StoredEvent)
  }

  /** Records an event with its effect on a payment. @returns false when it was recorded before */
  record(event: ReceivedEvent | undefined, { isKnown, isMatch }: { isKnown: boolean; isMatch: boolean }): boolean {
    if (event === undefined) return true
    if (this.outcomes.has(event.id)) return false
    const applied = isMatch
      ? ({ outcome: 'applied', flag: null } as const)
      : ({ outcome: 'flagged', flag: 'another_amount' } as const)
    this.outcomes.set(event.id, isKnown ? applied : { outcome: 'ignored', flag: null })
    return true
  }

  listFlagged = async (): Promise<FlaggedEvent[]> => []

  prune = async () => 0
}
