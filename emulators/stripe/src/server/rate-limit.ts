const WINDOW_MS = 1000

/** Limits requests per second and endpoint, if a limit is set; https://docs.stripe.com/rate-limits */
export class RateLimit {
  /** Undefined means no limit. Stripe's is 25. */
  perSecond: number | undefined
  readonly #admitted = new Map<string, number[]>()

  constructor(perSecond: number | undefined) {
    this.perSecond = perSecond
  }

  /** @returns whether the request may pass. A refused request does not count. */
  admits(endpoint: string): boolean {
    if (this.perSecond === undefined) return true
    const now = performance.now()
    const recent = (this.#admitted.get(endpoint) ?? []).filter((at) => at > now - WINDOW_MS)
    const admitted = recent.length < this.perSecond
    if (admitted) recent.push(now)
    this.#admitted.set(endpoint, recent)
    return admitted
  }
}
