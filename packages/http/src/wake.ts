import { log } from './log.ts'

/** The body of a message that announces events for webhook endpoints only, without mails. */
export const WEBHOOKS_MESSAGE = 'webhooks'

/**
 * Wakes the consumer of a queue. The message carries nothing, since the events are in the database; and a queue that is
 * down must not fail the change that wrote them, since the consumer's sweep pulls them too.
 *
 * @param name of the queue, for the log
 */
export async function wake(queue: Queue, name: string, message = 'pull'): Promise<void> {
  try {
    await queue.send(message)
  } catch (error) {
    log('warn', 'wake_failed', { queue: name, error })
  }
}

/** Wakes all consumers that pull: the mailer, live updates and webhooks. */
export const wakeMails = (queue: Queue): Promise<void> => wake(queue, 'shop-mail-events')

/** Wakes only the consumer that pulls public events for webhook endpoints. */
export const wakeWebhooks = (queue: Queue): Promise<void> => wake(queue, 'shop-mail-events', WEBHOOKS_MESSAGE)
