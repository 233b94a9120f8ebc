import { log } from './log.ts'

/**
 * Runs what no request waits for: a sweep, an alarm, a batch of messages. What it throws is logged by the rules of the
 * log, and then thrown as an error that says no more than the event: the runtime logs an error that leaves a worker as
 * it is, with all its message.
 *
 * @param event how the log names the failure, such as `sweep_failed`
 */
export async function guarded<T>(event: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    log('error', event, { error })
    throw new Error(event)
  }
}
