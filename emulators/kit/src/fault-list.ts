export interface FaultHandle {
  /** The number of requests the fault has hit. */
  hits(): number
  remove(): void
}

/** How often a fault hits. */
export type FaultCounts = {
  /** The number of matching requests to hit. Default 1; Infinity hits until the fault is removed. */
  times?: number
  /** The number of matching requests to let pass first. Default 0. */
  skip?: number
}

interface Armed<F> {
  fault: F
  skip: number
  left: number
  hits: number
}

/** Faults to inject, initially none. A request gets the first fault that matches it. */
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

  /** @internal the first fault that `matches` and has hits left; counts the hit */
  protected hitFirst(matches: (fault: F) => boolean): F | undefined {
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
