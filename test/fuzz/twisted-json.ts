import fc from 'fast-check'
import type { Draft, Twist } from './draft.ts'
import { oddName, oddValue } from './odd-values.ts'
import type { Json } from './schema.ts'

type Place = { holder: Json[] | { [name: string]: Json }; member: string | number }

const MOST_PLACES = 200

/** Places in a body where a value stands, outer ones first. Not recursive, since some bodies are nested very deeply. */
function placesIn(json: Json | undefined): Place[] {
  const places: Place[] = []
  const queue: (Json | undefined)[] = [json]
  for (let value = queue.shift(); value !== undefined; value = queue.shift()) {
    if (typeof value !== 'object' || value === null || places.length > MOST_PLACES) continue
    const holder = value
    const members = Array.isArray(holder) ? [...holder.keys()] : Object.keys(holder)
    const found = members.slice(0, MOST_PLACES).map((member): Place => ({ holder, member }))
    places.push(...found)
    queue.push(...found.map(valueAt))
  }
  return places
}

/** Defined rather than assigned, since assigning `__proto__` would change the prototype. */
function put({ holder, member }: Place, given: Json): void {
  // A copy, because the next twist may change it in place, and a repeated sequence uses the same value again.
  const value = structuredClone(given)
  Object.defineProperty(holder, member, { value, enumerable: true, configurable: true, writable: true })
}

function atPlace(pick: number, draft: Draft, change: (place: Place) => void): void {
  const places = placesIn(draft.json)
  const place = places[pick % Math.max(1, places.length)]
  if (place !== undefined) change(place)
}

/** Ways to break the values of a body. */
export const jsonTwists: fc.Arbitrary<Twist> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(fc.nat({ max: 40 }), oddValue).map(
      ([pick, value]): Twist => ({
        name: 'an odd value',
        phase: 'json',
        apply: (draft) => atPlace(pick, draft, (place) => put(place, value)),
      }),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.nat({ max: 40 }).map(
      (pick): Twist => ({
        name: 'a missing value',
        phase: 'json',
        apply: (draft) =>
          atPlace(pick, draft, ({ holder, member }) => {
            if (Array.isArray(holder)) holder.splice(Number(member), 1)
            else delete holder[member]
          }),
      }),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.nat({ max: 40 }), oddName, oddValue, fc.constantFrom(1, 1, 1, 3_000)).map(
      ([pick, name, value, count]): Twist => ({
        name: 'unknown members',
        phase: 'json',
        apply: (draft) => {
          const objects = [draft.json, ...placesIn(draft.json).map(valueAt)].filter(isObject)
          const holder = objects[pick % Math.max(1, objects.length)]
          if (holder === undefined) return
          for (let n = 0; n < count; n += 1) {
            put({ holder, member: n === 0 ? name : `${name}${n}` }, n === 0 ? value : n)
          }
        },
      }),
    ),
  },
  fc.tuple(fc.nat({ max: 40 }), fc.constantFrom(2, 101, 1_000)).map(
    ([pick, times]): Twist => ({
      name: 'a long list',
      phase: 'json',
      apply: (draft) => {
        const lists = placesIn(draft.json)
          .map(valueAt)
          .filter((value) => Array.isArray(value))
        const list = lists[pick % Math.max(1, lists.length)]
        if (list?.[0] !== undefined) for (let n = 1; n < times; n += 1) list.push(list[0])
      },
    }),
  ),
  oddValue.map(
    (value): Twist => ({
      name: 'another body',
      phase: 'json',
      apply: (draft) => {
        draft.json = structuredClone(value)
        if (!draft.headers.has('content-type')) draft.headers.set('content-type', 'application/json')
      },
    }),
  ),
)

const valueAt = ({ holder, member }: Place): Json | undefined => (holder as Record<string | number, Json>)[member]
const isObject = (value: Json | undefined): value is { [name: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
