import { leavesOf } from './names.ts'
import type { Json } from './schema.ts'

/** What one request may be made of: values that earlier requests and answers contained. */
export type Recall = {
  /** The value of that name that `pick` chooses, mostly one that the caller knows; undefined if there is none. */
  value(name: string, type: 'string' | 'number', pick: number): string | number | undefined
  /** Different in every execution of a sequence, so that a repeated one does not meet its own keys and addresses. */
  unique: string
}

type Remembered = {
  value: string | number
  /** The callers who have seen it. */
  callers: Set<string>
  /** The exchanges that it was part of: an order and its token were in one. */
  exchanges: Set<number>
}

/** A caller that stands for all. */
export const EVERYBODY = 'everybody'

const MOST_PER_NAME = 40
/** Picks of ten that choose among all remembered values, those of other callers and other resources included. */
const UNRELATED_PICKS = 2

/** The values that the exchanges of one sequence contained, by name. */
export class Memory {
  readonly #values = new Map<string, Remembered[]>()
  readonly #unique = crypto.randomUUID()
  #exchange = 0

  /** Remembers the values of one exchange as related. */
  learn(caller: string, ...parts: (Json | undefined)[]): void {
    this.#exchange += 1
    for (const { name, value } of parts.flatMap((part) => leavesOf(part ?? null))) this.#add(name, value, caller)
  }

  #add(name: string, value: string | number, caller: string): void {
    const known = this.#values.get(name) ?? []
    const found = known.find((one) => one.value === value) ?? { value, callers: new Set(), exchanges: new Set() }
    found.callers.add(caller)
    found.exchanges.add(this.#exchange)
    if (!known.includes(found)) this.#values.set(name, [...known.slice(1 - MOST_PER_NAME), found])
  }

  /** Whether the caller has seen a value of that name. */
  knows(name: string, caller: string): boolean {
    return this.#named(name).some((one) => isKnownTo(one, caller))
  }

  /** For one request of a caller: what it takes after its first value is mostly what belongs to that. */
  recallFor(caller: string): Recall {
    let related: Set<number> | undefined
    const prefer = (from: Remembered[], fits: (one: Remembered) => boolean) => {
      const fitting = from.filter(fits)
      return fitting.length > 0 ? fitting : from
    }
    return {
      unique: this.#unique,
      value: (name, type, pick) => {
        let from = this.#named(name).filter(({ value }) => typeof value === type)
        if (pick % 10 >= UNRELATED_PICKS) {
          from = prefer(from, (one) => isKnownTo(one, caller))
          from = prefer(from, ({ exchanges }) => related !== undefined && !exchanges.isDisjointFrom(related))
        }
        // The newest first, so that a small pick continues what was just begun.
        const found = from[from.length - 1 - (Math.floor(pick / 10) % Math.max(1, from.length))]
        related ??= found?.exchanges
        return found?.value
      },
    }
  }

  /** Finds what a field refers to, also where its name is not the same in answers. */
  #named(name: string): Remembered[] {
    const names = [
      name,
      `${name}_id`,
      `next_${name}`,
      name.replace(/^(?:expected|current)_/, ''),
      name.replace(/_id$/, ''),
    ]
    const exact = names.map((one) => this.#values.get(one)).find((found) => found !== undefined)
    if (exact !== undefined) return exact
    return [...this.#values].find(([known]) => known.endsWith(`_${name}`))?.[1] ?? []
  }
}

const isKnownTo = ({ callers }: Remembered, caller: string) => callers.has(caller) || callers.has(EVERYBODY)
