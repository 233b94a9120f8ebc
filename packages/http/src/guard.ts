import { withBackgroundInvocation } from './invocation.ts'
import { log } from './log.ts'

/**
 * Runs work that no request waits for: a sweep, an alarm, a batch of messages. An error is logged by the rules of the
 * log, and then thrown as an error that contains only the event name: the runtime logs an error that leaves a worker
 * with its full message. Its calls of other workers are counted.
 *
 * @param event how the log names the failure, such as `sweep_failed`
 */
export async function guarded<T>(event: string, work: () => Promise<T>): Promise<T> {
  try {
    return await withBackgroundInvocation(work)
  } catch (error) {
    log('error', event, { error })
    throw new Error(event)
  }
}
