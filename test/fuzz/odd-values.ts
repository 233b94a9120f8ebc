import fc from 'fast-check'
import type { Json } from './schema.ts'

const HUGE = 70_000

/** Texts that break what handles text: storage, JSON, logs, SQL, URLs, fixed lengths, comparison. */
const ODD_TEXTS: readonly string[] = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  'x\udc00',
  '\u202eright to left\u202c',
  '\u200b\u2060\ufeff',
  'e\u0301\u0301\u0301'.repeat(50),
  '👩‍👩‍👧‍👦'.repeat(40),
  'İıſK',
  '\r\nset-cookie: a=b',
  "' or 1=1 --",
  '"; drop table orders; --',
  '%00%ff%zz',
  '../../../../etc/passwd',
  '<script>alert(1)</script>',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text that a template engine would evaluate
  '${7*7}{{7*7}}',
  'null',
  'undefined',
  'true',
  '[object Object]',
  '__proto__',
  '-1',
  '1e9',
  'NaN',
  '0x10',
  '١٢٣',
  '2026-02-30T25:61:61Z',
  '9'.repeat(400),
  'x'.repeat(HUGE),
]

const ODD_NUMBERS = [
  ...[0, -0, -1, 0.1 + 0.2, 1.005, 1e-7, 5e-324, 1e15, 1e21, 1e308, -1e308],
  ...[2 ** 31 - 1, 2 ** 31, -(2 ** 31) - 1, 2 ** 32, 2 ** 53, 2 ** 53 + 2, 2 ** 63, -(2 ** 63)],
]

const nested = (depth: number): Json =>
  // Parsed, because a literal this deep cannot be written and a loop would build it from the inside.
  JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`)

/** Values of every type, with the odd ones of each. */
export const oddValue: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(null, true, false, [], {}, [null], [[]], { id: 1 }, nested(40), nested(2_000)),
  fc.constantFrom<Json>(...ODD_NUMBERS),
  fc.constantFrom<Json>(...ODD_TEXTS),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>,
)

/** Names that no schema declares, some of which mean something to JavaScript. */
export const oddName = fc.oneof(
  fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'is_admin', 'role', 'id', '', '$where', 'a.b'),
  fc.string({ maxLength: 20 }),
)

/** A parameter of a path or query as it stands in the URL: percent-encoded, or wrongly so. */
export const oddUrlPart = fc.oneof(
  fc
    .constantFrom(...ODD_TEXTS.filter((text) => text.length < HUGE), 'x'.repeat(9_000))
    .map((text) => encodeURIComponent(text.toWellFormed())),
  fc.constantFrom('%00', 'a%00b', '%', '%zz', '%ff', '%C3', '%ED%A0%80', '%2e%2e', '%2F', '%5C', '+', '*', '~', ';a=b'),
  fc.constantFrom('0', '-1', '1.5', '1e3', '9007199254740993', '99999999999999999999999', '00001', 'true', 'null'),
  fc.string({ unit: 'binary', maxLength: 30 }).map((text) => encodeURIComponent(text.toWellFormed())),
)

/** A header value as Node can send it: the bytes of UTF-8 without control characters. */
export const oddHeaderValue = fc
  .oneof(fc.constantFrom(...ODD_TEXTS), fc.string({ unit: 'binary', maxLength: 60 }))
  .map((text) => headerValue(text.slice(0, 3_000)))

export function headerValue(text: string): string {
  return Buffer.from(text.toWellFormed(), 'utf8')
    .toString('latin1')
    .replace(/[^\x20-\x7e\x80-\xff]/g, '')
    .trim()
}
