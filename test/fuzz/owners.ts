import { isOwned, leavesOf } from './names.ts'
import type { Json } from './schema.ts'

/**
 * Who owns what, over all sequences: the viewers, other than staff, that an answer first showed it to, and who was
 * shown it together with one of them. An account that shows the token of a guest's cart may order it, and its order then
 * names the cart.
 */
export class Owners {
  readonly #owners = new Map<string, ReadonlySet<string>>()

  /** @param viewers whom the caller proved to be: an account, the holder of an order's token */
  learn(body: Json, viewers: ReadonlySet<string>): void {
    for (const { value } of leavesOf(body).filter(isOwned)) {
      const known = this.#owners.get(String(value))
      if (known === undefined) this.#owners.set(String(value), viewers)
      else if (!known.isDisjointFrom(viewers)) this.#owners.set(String(value), known.union(viewers))
    }
  }

  /** What the body contains of somebody else. */
  foreignIn(body: Json, viewers: ReadonlySet<string>): string[] {
    return leavesOf(body)
      .filter((leaf) => isOwned(leaf) && !this.mayRead(String(leaf.value), viewers))
      .map(({ name, value }) => `${name} ${value}`)
  }

  isKnown(id: string): boolean {
    return this.#owners.has(id)
  }

  /** True also for an id that nobody is known to own. */
  mayRead(id: string, viewers: ReadonlySet<string>): boolean {
    const owners = this.#owners.get(id)
    return owners === undefined || !owners.isDisjointFrom(viewers)
  }
}
