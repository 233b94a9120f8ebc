import { setTimeout as sleep } from 'node:timers/promises'

const POLL_MS = 25

/**
 * Waits until what `look` finds satisfies `isThere`, looking again and again.
 *
 * @throws Error showing the last thing found, when that takes longer than `withinMs`
 */
export async function eventually<T>(
  look: () => Promise<T>,
  isThere: (found: T) => boolean,
  withinMs: number,
): Promise<T> {
  const deadline = Date.now() + withinMs
  for (;;) {
    const found = await look()
    if (isThere(found)) return found
    if (Date.now() >= deadline) throw new Error(`Not within ${withinMs} ms; last found ${JSON.stringify(found)}`)
    await sleep(POLL_MS)
  }
}
