import { isOwned, leavesOf } from './names.ts'
import type { Json } from './schema.ts'

/** Who owns what, over all sequences: the viewer, other than staff, that an answer first showed it to. */
export class Owners {
  readonly #owners = new Map<string, ReadonlySet<string>>()

  /** @param viewers whom the caller proved to be: an account, the holder of an order's token */
  learn(body: Json, viewers: ReadonlySet<string>): void {
    for (const { value } of leavesOf(body).filter(isOwned)) {
      if (!this.#owners.has(String(value))) this.#owners.set(String(value), viewers)
    }
  }

  /** What the body contains of somebody else. */
  foreignIn(body: Json, viewers: ReadonlySet<string>): string[] {
    return leavesOf(body)
      .filter((leaf) => isOwned(leaf) && !this.mayRead(String(leaf.value), viewers))
      .map(({ name, value }) => `${name} ${value}`)
  }

  /** True also for an id that nobody is known to own. */
  mayRead(id: string, viewers: ReadonlySet<string>): boolean {
    const owners = this.#owners.get(id)
    return owners === undefined || !owners.isDisjointFrom(viewers)
  }
}
