import { withTimeout } from '@shop/kernel/timeout'

class Late extends Error {}

/** The result of the work, or undefined when it takes longer. The work goes on; its result is then ignored. */
export async function within<T>(milliseconds: number, work: Promise<T>): Promise<T | undefined> {
  try {
    return await withTimeout(work, milliseconds, () => new Late())
  } catch (error) {
    if (error instanceof Late) return undefined
    throw error
  }
}
