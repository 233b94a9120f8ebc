export type Part = { exited: Promise<unknown>; stop: () => Promise<unknown> }

/** The order in which parts stop: the workers before what they use, the lock last. */
const ORDER = ['workers', 'emulators', 'lock'] as const
export type Group = (typeof ORDER)[number]

/** The running parts. When one part ends unexpectedly, the others are stopped too. */
export class Parts {
  readonly #running: { group: Group; part: Part }[] = []
  #ending: Promise<void> | undefined

  keep(group: Group, name: string, part: Part): void {
    this.#running.push({ group, part })
    void part.exited.then(() => {
      if (this.isEnding) return
      console.error(`\n${name} ended unexpectedly; stopping the rest. \`npm run dev\` continues with the same data.`)
      void this.end(1)
    })
  }

  get isEnding(): boolean {
    return this.#ending !== undefined
  }

  /** Stops everything, then ends this process. A part that is still starting ends when its pipe to this process closes. */
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
