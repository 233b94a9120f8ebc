import { setTimeout as sleep } from 'node:timers/promises'

const POLL_MS = 25

/**
 * Polls `read` until its result satisfies `isDone`.
 *
 * @throws Error showing the last result, when that takes longer than `withinMs`
 */
export async function eventually<T>(
  read: () => Promise<T>,
  isDone: (found: T) => boolean,
  withinMs: number,
): Promise<T> {
  const deadline = Date.now() + withinMs
  for (;;) {
    const found = await read()
    if (isDone(found)) return found
    if (Date.now() >= deadline) throw new Error(`Not within ${withinMs} ms; last found ${JSON.stringify(found)}`)
    await sleep(POLL_MS)
  }
}
