import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { type Draft, serialize, type Twist } from './draft.ts'

const MEDIA_TYPES = [
  ...['text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', ''],
  ...['application/json; charset=utf-16', 'application/json;charset=latin1', 'application/merge-patch+json'],
  ...['application/json; charset="utf-8"', 'APPLICATION/JSON', 'application/jsonp', 'application/json, text/plain'],
]

/** Bodies that are no JSON, or JSON of another kind than an object. */
const OTHER_TEXTS = [
  ...[
    '',
    ' ',
    'null',
    '[]',
    '"text"',
    '1',
    'true',
    '{',
    '{"a":',
    '{"a":1}{',
    "{'a':1}",
    '{"a":NaN}',
    '{a:1}',
    '\u0000',
  ],
  ...[
    '{"a":1,}',
    '/* */{}',
    '\ufeff{}',
    '{"a":1e400}',
    '{"a":0x10}',
    '{"a":01}',
    '{"\\ud800":1}',
    '--x\r\n',
    'a=1&b=2',
  ],
  ...[`${'['.repeat(50_000)}${']'.repeat(50_000)}`, `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`],
]

/** Numbers that JSON can write and a double cannot hold, in place of the first one of a body. */
const NUMERALS = ['1e400', '-1e400', '9007199254740993', '99999999999999999999999999', '-0', '1.0', '1E2', '0.1e-400']

/** Texts of a member that a body then has twice. */
const SECOND_VALUES = ['null', '"admin"', '[]', '0', '{}']

/** @param change of the bytes of a body; a draft without one is left alone */
function changing(name: string, change: (body: Buffer, draft: Draft) => Buffer): Twist {
  return {
    name,
    phase: 'bytes',
    apply: (draft) => {
      const body = serialize(draft)
      if (body !== undefined) draft.bytes = change(body, draft)
    },
  }
}

const inText = (body: Buffer, change: (text: string) => string) => Buffer.from(change(body.toString('utf8')))

/** Ways to break a body that no schema describes: its bytes, its encoding, its media type, its JSON. */
export const bytesTwists: fc.Arbitrary<Twist> = fc.oneof(
  fc
    .nat({ max: 99 })
    .map((percent) =>
      changing('a body cut short', (body) => body.subarray(0, Math.floor((body.length * percent) / 100))),
    ),
  fc.tuple(fc.nat({ max: 99 }), fc.constantFrom('ff', 'c3', 'eda080', 'f8888080', '00', 'c080')).map(([percent, hex]) =>
    changing('bytes that are no UTF-8', (body) => {
      const at = Math.floor((body.length * percent) / 100)
      return Buffer.concat([body.subarray(0, at), Buffer.from(hex, 'hex'), body.subarray(at)])
    }),
  ),
  fc.constantFrom(...OTHER_TEXTS).map((text) => changing('another text', () => Buffer.from(text))),
  fc
    .constantFrom(...NUMERALS)
    .map((numeral) =>
      changing('an odd numeral', (body) => inText(body, (text) => text.replace(/(?<=[:[])-?\d+(\.\d+)?/, numeral))),
    ),
  fc
    .constantFrom(...SECOND_VALUES)
    .map((value) =>
      changing('a member twice', (body) =>
        inText(body, (text) =>
          text.replace(/\{("[^"]*"):/, (start, name: string) => `{${name}:${value},${start.slice(1)}`),
        ),
      ),
    ),
  fc.constantFrom(...MEDIA_TYPES).map((type) =>
    changing('another media type', (body, { headers }) => {
      if (type === '') headers.delete('content-type')
      else headers.set('content-type', type)
      return body
    }),
  ),
  fc.constantFrom('gzip', 'br', 'identity', 'x').map((coding) =>
    changing('a content encoding', (body, { headers }) => {
      headers.set('content-encoding', coding)
      return coding === 'gzip' ? gzipSync(body) : body
    }),
  ),
  fc
    .constantFrom(256 * 1024, 256 * 1024 + 1, 300_000)
    .map((length) =>
      changing('a large body', (body) => Buffer.concat([body, Buffer.alloc(Math.max(0, length - body.length), ' ')])),
    ),
  fc.constant(changing('a body in UTF-16', (body) => Buffer.from(`\ufeff${body.toString('utf8')}`, 'utf16le'))),
  fc.constant(
    changing('a body without a length', (body, { headers }) => {
      headers.set('transfer-encoding', 'chunked')
      return body
    }),
  ),
)
