import { log } from './log.ts'

/**
 * Wakes the consumer of a queue. The message carries nothing, since the events are in the database; and a queue that is
 * down must not fail the change that wrote them, since the consumer's sweep pulls them too.
 *
 * @param name of the queue, for the log
 */
export async function wake(queue: Queue, name: string): Promise<void> {
  try {
    await queue.send('pull')
  } catch (error) {
    log('warn', 'wake_failed', { queue: name, error })
  }
}

/** Wakes the mailer, which pulls the events that have a mail. */
export const wakeMails = (queue: Queue): Promise<void> => wake(queue, 'shop-mail-events')
