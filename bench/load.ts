import { performance } from 'node:perf_hooks'

export type Measured = {
  /** Completed flows per second. */
  perSecond: number
  /** Median time of one flow, in milliseconds. */
  p50: number
  completed: number
  failed: number
}

/**
 * Runs a flow repeatedly, `concurrency` at a time, for `seconds`.
 *
 * @param flow one unit of work, such as a request or an order with its payment; throws when it fails
 * @param options.limit stops after so many flows, for flows that use up something limited
 */
export async function measure(
  flow: (n: number) => Promise<void>,
  options: { concurrency: number; seconds: number; limit?: number },
): Promise<Measured> {
  const times: number[] = []
  let failed = 0
  let next = 0
  const started = performance.now()
  const end = started + options.seconds * 1_000
  const worker = async () => {
    while (performance.now() < end && next < (options.limit ?? Number.POSITIVE_INFINITY)) {
      const n = next
      next += 1
      const begun = performance.now()
      try {
        await flow(n)
        times.push(performance.now() - begun)
      } catch (error) {
        failed += 1
        if (failed === 1) console.error('  first failure:', error instanceof Error ? error.message : error)
      }
    }
  }
  await Promise.all(Array.from({ length: options.concurrency }, worker))
  const elapsed = (performance.now() - started) / 1_000
  times.sort((a, b) => a - b)
  return {
    perSecond: times.length / elapsed,
    p50: times[Math.floor(times.length / 2)] ?? Number.NaN,
    completed: times.length,
    failed,
  }
}
