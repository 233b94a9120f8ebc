const WINDOW_MS = 1000

/** So many requests a second to each endpoint, if any limit is set; https://docs.stripe.com/rate-limits */
export class RateLimit {
  /** Undefined lets everything through. Stripe's own is 25. */
  perSecond: number | undefined
  readonly #taken = new Map<string, number[]>()

  constructor(perSecond: number | undefined) {
    this.perSecond = perSecond
  }

  /** @returns whether the request may pass; one that may not does not count */
  admits(endpoint: string): boolean {
    if (this.perSecond === undefined) return true
    const now = performance.now()
    const recent = (this.#taken.get(endpoint) ?? []).filter((at) => at > now - WINDOW_MS)
    const admitted = recent.length < this.perSecond
    if (admitted) recent.push(now)
    this.#taken.set(endpoint, recent)
    return admitted
  }
}
