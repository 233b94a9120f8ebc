import fc from 'fast-check'
import type { Draft, Twist } from './draft.ts'
import { oddHeaderValue, oddName, oddUrlPart, oddValue } from './odd-values.ts'
import type { Json } from './schema.ts'
import { bytesTwists } from './twisted-bytes.ts'

const PHASES = ['json', 'bytes', 'head'] as const

export function applyTwists(draft: Draft, twists: Twist[]): void {
  for (const phase of PHASES) for (const twist of twists) if (twist.phase === phase) twist.apply(draft)
}

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

const jsonTwists: fc.Arbitrary<Twist> = fc.oneof(
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

const urlTwists: fc.Arbitrary<Twist> = fc.oneof(
  fc.tuple(fc.nat({ max: 5 }), oddUrlPart).map(
    ([pick, value]): Twist => ({
      name: 'an odd path',
      phase: 'head',
      apply: (draft) => {
        const names = [...draft.path.keys()]
        const name = names[pick % Math.max(1, names.length)]
        if (name !== undefined) draft.path.set(name, value)
        else draft.template = `${draft.template}/${value}`
      },
    }),
  ),
  fc.tuple(fc.nat({ max: 5 }), oddUrlPart).map(
    ([pick, value]): Twist => ({
      name: 'an odd query value',
      phase: 'head',
      apply: ({ query }) => {
        const one = query[pick % Math.max(1, query.length)]
        if (one === undefined) query.push(['limit', value])
        else one[1] = value
      },
    }),
  ),
  fc.tuple(oddName, oddUrlPart).map(
    ([name, value]): Twist => ({
      name: 'an unknown query parameter',
      phase: 'head',
      apply: ({ query }) => query.push([encodeURIComponent(name.toWellFormed()), value]),
    }),
  ),
  fc.nat({ max: 5 }).map(
    (pick): Twist => ({
      name: 'a repeated query parameter',
      phase: 'head',
      apply: ({ query }) => {
        const [name, value] = query[pick % Math.max(1, query.length)] ?? ['limit', '1']
        query.push([name, value], [`${name}[]`, value])
      },
    }),
  ),
  fc.constantFrom('/', '//', '/.', '/%2e%2e/', '?', '#').map(
    (end): Twist => ({
      name: 'another end of the path',
      phase: 'head',
      apply: (draft) => {
        draft.template = `${draft.template}${end}`
      },
    }),
  ),
)

/** Internal headers, which must have no effect, and those that proxies, browsers and tracing send. */
const HEADERS = [
  ...['x-shop-caller', 'x-shop-deadline', 'x-shop-address', 'x-request-id', 'x-http-method-override', 'cookie'],
  ...['idempotency-key', 'if-match', 'if-none-match', 'x-order-token', 'stripe-signature', 'accept', 'range', 'origin'],
  ...[
    'traceparent',
    'tracestate',
    'baggage',
    'accept-language',
    'content-language',
    'x-forwarded-for',
    'authorization',
  ],
]
const STAFF = JSON.stringify({ kind: 'user', userId: 'user_01jd4k2v9rf0fv8z3x1m5q7w2e', role: 'admin' })

const headTwists: fc.Arbitrary<Twist> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        fc.constantFrom(...HEADERS),
        fc.oneof(oddHeaderValue, fc.constantFrom(STAFF, '*', '"1-a", W/"2-b"', 'W/"', '1')),
      )
      .map(
        ([name, value]): Twist => ({
          name: 'an odd header',
          phase: 'head',
          apply: ({ headers }) => headers.set(name, value),
        }),
      ),
  },
  // Only methods that the runtime knows: it refuses others before the shop sees them.
  fc.constantFrom('GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND', 'PURGE').map(
    (method): Twist => ({
      name: 'another method',
      phase: 'head',
      apply: (draft) => {
        draft.method = method
      },
    }),
  ),
)

export const twist: fc.Arbitrary<Twist> = fc.oneof(
  { weight: 5, arbitrary: jsonTwists },
  { weight: 3, arbitrary: bytesTwists },
  { weight: 3, arbitrary: urlTwists },
  { weight: 2, arbitrary: headTwists },
)
