/** Keeps the most recently used entries, up to a number of entries and a total weight. */
export class Lru<V> {
  readonly #entries = new Map<string, { value: V; weight: number }>()
  readonly #limits: { entries: number; weight: number }
  #weight = 0

  constructor(limits: { entries: number; weight: number }) {
    this.#limits = limits
  }

  get size(): number {
    return this.#entries.size
  }

  get(key: string): V | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined) return undefined
    // A Map keeps the order of insertion: the first entry is the least recently used.
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    return entry.value
  }

  /** An entry above a tenth of the total weight is not kept, so that one entry never evicts many. */
  set(key: string, value: V, weight: number): void {
    this.delete(key)
    if (weight > this.#limits.weight / 10) return
    this.#entries.set(key, { value, weight })
    this.#weight += weight
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#limits.entries && this.#weight <= this.#limits.weight) return
      this.delete(oldest)
    }
  }

  delete(key: string): void {
    const entry = this.#entries.get(key)
    if (entry === undefined) return
    this.#entries.delete(key)
    this.#weight -= entry.weight
  }
}
