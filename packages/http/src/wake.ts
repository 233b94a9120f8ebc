import { log } from './log.ts'

/** The body of a message that says only that there are events for webhook endpoints, and none that have a mail. */
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

/** Wakes the mailer, which pulls the events that have a mail, and all else that pulls beside it. */
export const wakeMails = (queue: Queue): Promise<void> => wake(queue, 'shop-mail-events')

/** Wakes only what pulls public events for webhook endpoints. */
export const wakeWebhooks = (queue: Queue): Promise<void> => wake(queue, 'shop-mail-events', WEBHOOKS_MESSAGE)
