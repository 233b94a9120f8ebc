import { TEST_METHODS } from '@shop/stripe-emulator/payment-methods/test-methods'
import fc from 'fast-check'
import type { Recall } from './memory.ts'
import { type Json, resolved, type Schema, typesOf } from './schema.ts'

/** A value that is made when its request is, from what earlier answers contained. */
export type Draw<T> = (memory: Recall) => T
export type DrawArbitrary = fc.Arbitrary<Draw<Json>>

/** Names of values that only the shop hands out, or that it compares; a made-up one is refused. */
const HANDED_OUT = /(^|_)(id|cursor|token|version|if_match|if_none_match)$|^expected_|^(current_)?password$/

/** Of a gift card or a promotion: some are to be used, others to be made up. */
const CODE = 'code'
/** What the values of a list are called in answers. */
const NAMES_OF_ITEMS: Record<string, string> = { gift_cards: CODE }

/**
 * Values that a schema does not tell, for fields by these names. They only make requests go further: nothing here has to
 * be complete, and what is refused is a good answer too.
 */
const USUAL: [name: RegExp, values: Json[]][] = [
  [/^payment_method/, ['pm_card_visa', 'pm_card_visa', 'pm_card_visa', ...TEST_METHODS.keys()]],
  [/currency/, ['USD', 'USD', 'EUR', 'JPY', 'KWD', 'HUF', 'XXX', 'usd']],
  [/price|amount/, [0, 0.5, 1, 9.99, 12.5, 99, 500]],
  [/quantity|delta|limit|threshold/, [1, 1, 1, 2, 3, 10, 50]],
  [/image_url/, ['https://images.example.com/a.jpg']],
  // Of a webhook endpoint, at which nobody listens.
  [/^url$/, ['http://127.0.0.1:9/']],
]

/** Arbitrary values that a schema accepts; of a scalar mostly one that an earlier answer contained. */
export function validValue(schema: Schema, name = ''): DrawArbitrary {
  const { anyOf, oneOf, ...rest } = resolved(schema)
  const alternatives = anyOf ?? oneOf
  if (alternatives !== undefined) return fc.oneof(...alternatives.map((one) => validValue(one, name)))
  if (rest.enum !== undefined) return literal(fc.constantFrom(...rest.enum))
  const [type, ...others] = typesOf(rest)
  const value = ofType(type, rest, name)
  return others.includes('null') ? fc.oneof({ weight: 4, arbitrary: value }, literal(fc.constant(null))) : value
}

function ofType(type: string | undefined, schema: Schema, name: string): DrawArbitrary {
  switch (type) {
    case 'object':
      return name === 'options' ? fc.oneof(literal(fc.constantFrom(...OPTIONS)), objectOf(schema)) : objectOf(schema)
    case 'array':
      return arrayOf(schema, name)
    case 'boolean':
      return literal(fc.boolean())
    case 'integer':
    case 'number':
      return remembered(name, 'number', numberOf(type, schema, name))
    case 'string':
      return remembered(name, 'string', stringOf(schema, name))
    default:
      return literal(fc.jsonValue() as fc.Arbitrary<Json>)
  }
}

export const oneIn = (count: number): fc.Arbitrary<boolean> =>
  fc.integer({ min: 1, max: count }).map((n) => n === count)

const literal = (values: fc.Arbitrary<Json>): DrawArbitrary => values.map((value) => () => value)

function remembered(name: string, type: 'string' | 'number', fresh: DrawArbitrary): DrawArbitrary {
  const known = fc.tuple(fc.nat({ max: 999 }), fresh).map(
    ([pick, otherwise]): Draw<Json> =>
      (memory) =>
        memory.value(name, type, pick) ?? otherwise(memory),
  )
  const weights = HANDED_OUT.test(name) ? [12, 1] : name === CODE ? [1, 1] : [1, 6]
  return fc.oneof({ weight: weights[0] ?? 1, arbitrary: known }, { weight: weights[1] ?? 1, arbitrary: fresh })
}

const OFTEN_PRESENT = /^(payment_method|save_payment_method|stock_quantity|email|region|postal_code|order_id)$/

/** Options of variants, of which the known products have some. */
const OPTIONS = ['S', 'M', 'L', 'XL'].map((size) => ({ size }))

/** Optional members are mostly absent, so that most requests are plain, but for those with values known to be good. */
function objectOf({ properties = {}, required = [], additionalProperties }: Schema): DrawArbitrary {
  const members = Object.entries(properties).map(([name, schema]) => {
    const value = validValue(schema, name)
    const isPresent = required.includes(name) ? fc.constant(true) : oneIn(OFTEN_PRESENT.test(name) ? 2 : 5)
    return fc.tuple(isPresent, value).map(([present, draw]) => (present ? { name, draw } : undefined))
  })
  const further =
    typeof additionalProperties === 'object' && members.length === 0
      ? fc.dictionary(fc.string({ minLength: 1, maxLength: 20 }), validValue(additionalProperties), { maxKeys: 4 })
      : fc.constant({})
  return fc.tuple(further, ...members).map(
    ([more, ...drawn]): Draw<Json> =>
      (memory) => {
        const all = [...Object.entries<Draw<Json>>(more).map(([name, draw]) => ({ name, draw })), ...drawn]
        return Object.fromEntries(all.flatMap((one) => (one === undefined ? [] : [[one.name, one.draw(memory)]])))
      },
  )
}

function arrayOf({ items = {}, minItems = 0, maxItems = 3 }: Schema, name: string): DrawArbitrary {
  const item = validValue(items, NAMES_OF_ITEMS[name] ?? name)
  const one = Math.max(1, minItems)
  const several = fc.array(item, { minLength: minItems, maxLength: Math.max(minItems, Math.min(3, maxItems)) })
  return fc
    .oneof({ weight: 2, arbitrary: fc.array(item, { minLength: one, maxLength: one }) }, several)
    .map((draws) => (memory) => draws.map((draw) => draw(memory)))
}

function usual(schema: Schema, name: string): Json[] {
  const values = USUAL.filter(([pattern]) => pattern.test(name)).flatMap(([, found]) => found)
  return [...values, ...(schema.example === undefined || schema.example === null ? [] : [schema.example])]
}

function numberOf(type: 'integer' | 'number', schema: Schema, name: string): DrawArbitrary {
  const { minimum: min = -(2 ** 31), maximum: max = 2 ** 31 } = schema
  const plain = usual(schema, name).filter((one) => typeof one === 'number' && one >= min && one <= max)
  const whole = fc.integer({ min: Math.ceil(min), max: Math.floor(max) })
  const cents = fc.integer({ min: Math.max(0, min) * 100, max: 50_000 }).map((amount) => amount / 100)
  return literal(
    fc.oneof(
      { weight: 8, arbitrary: plain.length === 0 ? whole : fc.constantFrom(...plain) },
      { weight: 2, arbitrary: type === 'integer' ? whole : cents },
      fc.constantFrom(min, max),
    ),
  )
}

function stringOf(schema: Schema, name: string): DrawArbitrary {
  const { format, pattern, minLength = 0, maxLength = 300 } = schema
  if (format === 'email') return uniqueText((unique) => `${unique}@example.com`)
  if (pattern !== undefined && format === undefined) return matching(new RegExp(pattern), maxLength)
  if (format === 'date-time') {
    const noInvalidDate = true
    const [min, max] = [new Date('2020-01-01'), new Date('2030-01-01')]
    return literal(fc.date({ min, max, noInvalidDate }).map((date) => date.toISOString()))
  }
  if (format === 'uri') return literal(fc.webUrl())
  const plain = usual(schema, name).filter((one) => typeof one === 'string')
  const text = fc
    .oneof(
      fc.lorem({ maxCount: 4 }),
      fc.string({ unit: 'grapheme', maxLength: Math.min(maxLength, 60) }),
      fc.constantFrom('a'.repeat(minLength), 'z'.repeat(Math.min(maxLength, 3_000)), 'Ünï ☕ 👩‍👩‍👧 مرحبا'),
    )
    .map((made) => made.padEnd(minLength, 'x').slice(0, Math.max(minLength, Math.min(maxLength, 3_000))))
    .map((made) => made.toWellFormed())
  if (plain.length === 0) return literal(text)
  return literal(fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...plain) }, { weight: 2, arbitrary: text }))
}

/** Different in every execution of a sequence. */
const uniqueText = (of: (unique: string) => string): DrawArbitrary =>
  fc.uuid().map(
    (id): Draw<Json> =>
      ({ unique }) =>
        of(`${id.slice(0, 8)}-${unique}`),
  )

/** Spellings of a unique text, for the patterns of keys, slugs and tags. */
const SPELLINGS = [(text: string) => text, (text: string) => `k${text}`.replaceAll('-', '_')]

/** Unique, where the pattern allows it. */
function matching(pattern: RegExp, maxLength: number): DrawArbitrary {
  const spellings = SPELLINGS.map((spell) => (text: string) => spell(text).slice(0, maxLength))
  const fitting = spellings.find((spell) => pattern.test(spell('0a1b2c3d-0a1b2c3d-0a1b-4c2d-8e3f-0a1b2c3d4e5f')))
  return fitting === undefined ? literal(fc.stringMatching(pattern)) : uniqueText(fitting)
}
