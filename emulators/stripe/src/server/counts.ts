/** Requests per endpoint, including replays and refusals: `POST /v1/payment_intents/:id/confirm` → 2. */
export class Counts {
  #counts = new Map<string, number>()

  /** @internal */
  add(endpoint: string): void {
    this.#counts.set(endpoint, (this.#counts.get(endpoint) ?? 0) + 1)
  }

  byEndpoint(): Record<string, number> {
    return Object.fromEntries(this.#counts)
  }

  total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0)
  }

  reset(): void {
    this.#counts.clear()
  }
}
