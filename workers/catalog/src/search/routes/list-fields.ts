import { filterText, text } from '@shop/kernel/text'
import { z } from 'zod'

/** At most so many values of one filter. */
const VALUES = 20

/** A parameter that may be repeated, for any of its values. Empty values count as absent. */
export const repeated = (max: number) =>
  z
    .union([text(0, max), z.array(text(0, max)).max(VALUES)])
    .transform((given) => {
      const values = [given].flat().filter((value) => value !== '')
      return values.length === 0 ? undefined : [...new Set(values)].sort()
    })
    .optional()

/** A parameter with a few values; empty counts as absent. */
export const oneOf = <const V extends readonly [string, ...string[]]>(values: V) =>
  filterText(50).pipe(z.enum(values).optional()).optional()

/** An amount in major units, as the text that it is: its decimals are cut to those of the currency later. */
export const amount = filterText(20).pipe(
  z
    .string()
    .regex(/^[0-9]{1,12}(?:\.[0-9]{1,4})?$/, 'must be a decimal number such as 12.50')
    .optional(),
)

export const OPTION = 'option.'
export const ATTRIBUTE = 'attribute.'

/** At most so many filters by option and attribute. */
const NAMED = 10

const isFilterName = (name: string) =>
  /^attribute\.[a-z][a-z0-9_]{0,39}$/.test(name) || (name.startsWith(OPTION) && name.length > 7 && name.length <= 60)

/** Refuses a parameter that is neither of the shape nor a filter by an option or attribute. */
export function checkNames(shape: object) {
  return (query: Record<string, unknown>, context: z.RefinementCtx): void => {
    const names = Object.keys(query).filter((name) => !(name in shape))
    const unknown = names.filter((name) => !isFilterName(name))
    if (unknown.length > 0) context.addIssue({ code: 'unrecognized_keys', keys: unknown, input: query })
    if (names.length > NAMED)
      context.addIssue({ code: 'custom', message: `must be at most ${NAMED} filters`, input: query })
  }
}

/** The filters by option, or by attribute, of a query. */
export function namedValues(query: Record<string, unknown>, prefix: string): { name: string; values: string[] }[] {
  return Object.entries(query)
    .filter((entry): entry is [string, string[]] => entry[0].startsWith(prefix) && entry[1] !== undefined)
    .map(([name, values]) => ({ name: name.slice(prefix.length), values }))
    .sort((one, other) => (one.name < other.name ? -1 : 1))
}
