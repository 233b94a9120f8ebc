import fc from 'fast-check'
import type { Draft, Twist } from './draft.ts'
import { oddHeaderValue, oddName, oddUrlPart } from './odd-values.ts'
import { bytesTwists } from './twisted-bytes.ts'
import { jsonTwists } from './twisted-json.ts'

const PHASES = ['json', 'bytes', 'head'] as const

export function applyTwists(draft: Draft, twists: Twist[]): void {
  for (const phase of PHASES) for (const twist of twists) if (twist.phase === phase) twist.apply(draft)
}

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
  ...[
    'idempotency-key',
    'if-match',
    'if-none-match',
    'x-order-token',
    'x-cart-token',
    'stripe-signature',
    'accept',
    'range',
    'origin',
  ],
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
