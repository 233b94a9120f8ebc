import { setTimeout as sleep } from 'node:timers/promises'

const FIRST_PAUSE_MS = 25
const LONGEST_PAUSE_MS = 100

/**
 * Polls `read` until its result satisfies `isDone`. The pauses grow, because a long wait is mostly for work that the polls
 * would take the processor from.
 *
 * @throws Error showing the last result, when that takes longer than `withinMs`
 */
export async function eventually<T>(
  read: () => Promise<T>,
  isDone: (found: T) => boolean,
  withinMs: number,
): Promise<T> {
  const deadline = Date.now() + withinMs
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS)) {
    const found = await read()
    if (isDone(found)) return found
    if (Date.now() >= deadline) throw new Error(`Not within ${withinMs} ms; last found ${JSON.stringify(found)}`)
    await sleep(pauseMs)
  }
}
