export type Part = { exited: Promise<unknown>; stop: () => Promise<unknown> }

/** In which order parts stop: the workers before what they talk to, the lock when nothing is left to be locked. */
const ORDER = ['workers', 'emulators', 'lock'] as const
export type Group = (typeof ORDER)[number]

/** What runs, and ends together: when one part ends by itself, so do the others. */
export class Parts {
  readonly #running: { group: Group; part: Part }[] = []
  #ending: Promise<void> | undefined

  keep(group: Group, name: string, part: Part): void {
    this.#running.push({ group, part })
    void part.exited.then(() => {
      if (this.isEnding) return
      console.error(`\n${name} ended unexpectedly; stopping the rest. \`npm run dev\` goes on where it was.`)
      void this.end(1)
    })
  }

  get isEnding(): boolean {
    return this.#ending !== undefined
  }

  /** Stops everything, then ends this process. What is still starting ends when this process's pipe to it closes. */
  end(exitCode: number): Promise<void> {
    this.#ending ??= this.#stopAll().then(() => process.exit(exitCode))
    return this.#ending
  }

  async #stopAll(): Promise<void> {
    for (const wanted of ORDER) {
      const group = this.#running.filter((running) => running.group === wanted)
      await Promise.all(group.map(({ part }) => part.stop()))
    }
  }
}
