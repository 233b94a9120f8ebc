export interface FaultHandle {
  /** How many requests it has hit. */
  hits(): number
  remove(): void
}

/** How often a fault hits. */
export type FaultCounts = {
  /** How many matching requests it hits; 1 by default, Infinity until it is removed. */
  times?: number
  /** How many matching requests pass unharmed first; 0 by default. */
  skip?: number
}

interface Armed<F> {
  fault: F
  skip: number
  left: number
  hits: number
}

/** Faults to inject, none unless added. The first that matches a request is the one it gets. */
export class FaultList<F extends FaultCounts> {
  #armed: Armed<F>[] = []

  add(fault: F): FaultHandle {
    const armed: Armed<F> = { fault, skip: fault.skip ?? 0, left: fault.times ?? 1, hits: 0 }
    this.#armed.push(armed)
    return {
      hits: () => armed.hits,
      remove: () => {
        this.#armed = this.#armed.filter((other) => other !== armed)
      },
    }
  }

  list(): { fault: F; left: number; hits: number }[] {
    return this.#armed.map(({ fault, left, hits }) => ({ fault, left, hits }))
  }

  clear(): void {
    this.#armed = []
  }

  /** @internal the fault a request gets for which `matches` holds, counted as used */
  protected takeFirst(matches: (fault: F) => boolean): F | undefined {
    for (const armed of this.#armed) {
      if (armed.left <= 0 || !matches(armed.fault)) continue
      if (armed.skip > 0) {
        armed.skip -= 1
        continue
      }
      armed.left -= 1
      armed.hits += 1
      return armed.fault
    }
    return undefined
  }
}
