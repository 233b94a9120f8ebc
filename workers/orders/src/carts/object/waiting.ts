/** Calls that wait in this instance of an object for the end of another one. */
export class Waiting {
  #waiters = new Set<() => void>()

  /** Resolves at the next {@link wake}, or after some time. */
  next(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer)
        this.#waiters.delete(done)
        resolve()
      }
      const timer = setTimeout(done, milliseconds)
      this.#waiters.add(done)
    })
  }

  wake(): void {
    for (const done of this.#waiters) done()
  }
}
