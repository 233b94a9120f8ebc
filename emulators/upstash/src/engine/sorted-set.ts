import type { Bytes } from '../reply.ts'

export type Scored = readonly [member: Bytes, score: number]

/** Members ordered by score, then by bytes. */
export class SortedSet {
  readonly #scores = new Map<Bytes, number>()
  #ordered: Scored[] | undefined

  get size(): number {
    return this.#scores.size
  }

  score(member: Bytes): number | undefined {
    return this.#scores.get(member)
  }

  set(member: Bytes, score: number): void {
    if (this.#scores.get(member) === score) return
    this.#scores.set(member, score)
    this.#ordered = undefined
  }

  delete(member: Bytes): boolean {
    const deleted = this.#scores.delete(member)
    if (deleted) this.#ordered = undefined
    return deleted
  }

  /** Sorted anew only after a change. */
  ordered(): readonly Scored[] {
    this.#ordered ??= [...this.#scores].sort(([a, scoreOfA], [b, scoreOfB]) =>
      scoreOfA === scoreOfB ? (a < b ? -1 : 1) : scoreOfA < scoreOfB ? -1 : 1,
    )
    return this.#ordered
  }

  rank(member: Bytes): number {
    return this.ordered().findIndex(([other]) => other === member)
  }
}
