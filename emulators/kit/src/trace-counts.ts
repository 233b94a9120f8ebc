import type { IncomingHttpHeaders } from 'node:http'

const KEPT_TRACES = 10_000

/** Counts requests per trace (W3C traceparent), so that a test can count what one API call caused. */
export class TraceCounts {
  readonly #counts = new Map<string, number>()

  /** @internal */
  add(headers: IncomingHttpHeaders): void {
    const traceId = String(headers.traceparent ?? '').slice(3, 35)
    if (traceId.length !== 32) return
    this.#counts.set(traceId, (this.#counts.get(traceId) ?? 0) + 1)
    if (this.#counts.size <= KEPT_TRACES) return
    const [oldest] = this.#counts.keys()
    if (oldest !== undefined) this.#counts.delete(oldest)
  }

  /** @param traceId the 32 hexadecimal digits in the middle of a traceparent */
  of(traceId: string): number {
    return this.#counts.get(traceId) ?? 0
  }
}
