import type { FieldError } from '@shop/kernel/failures'
import type { Variant, VariantOptions } from './variant.ts'

export const MAX_OPTIONS = 3
export const MAX_VALUES = 100

/** What the variants of a product differ in, such as their size, and the values there are, in order. */
export type ProductOption = { name: string; values: string[] }

type WithOptions = { options: VariantOptions }

/** The options of variants for which none are declared, with their values, in the order in which they appear. */
export function optionsOf(variants: readonly WithOptions[]): ProductOption[] {
  const values = new Map<string, Set<string>>()
  for (const { options } of variants) {
    for (const [name, value] of Object.entries(options)) values.set(name, (values.get(name) ?? new Set()).add(value))
  }
  return [...values].map(([name, found]) => ({ name, values: [...found] }))
}

/** What is wrong with options by themselves. */
export function optionErrors(options: readonly ProductOption[]): FieldError[] {
  const wrong = (field: string, message: string): FieldError => ({ field, message })
  return [
    ...(options.length > MAX_OPTIONS ? [wrong('options', `must be at most ${MAX_OPTIONS}`)] : []),
    ...options.flatMap(({ name, values }, index) => [
      ...(isRepeated(options, index, (one) => one.name.toLowerCase())
        ? [wrong(`options.${index}.name`, `${name} is named twice`)]
        : []),
      ...(values.length > MAX_VALUES ? [wrong(`options.${index}.values`, `must be at most ${MAX_VALUES}`)] : []),
      ...(new Set(values).size < values.length
        ? [wrong(`options.${index}.values`, 'must not name a value twice')]
        : []),
    ]),
  ]
}

/**
 * What is wrong with the options of variants: each has exactly one declared value for each option, and no two have the
 * same values.
 *
 * @param fieldOf the field of a variant's options, by its index
 */
export function misfits(
  options: readonly ProductOption[],
  variants: readonly WithOptions[],
  fieldOf: (index: number) => string,
): FieldError[] {
  return variants.flatMap((variant, index) => {
    const message =
      misfit(options, variant.options) ??
      (isRepeated(variants, index, (one) => combination(options, one.options))
        ? 'are those of another variant'
        : undefined)
    return message === undefined ? [] : [{ field: fieldOf(index), message }]
  })
}

/**
 * The variants for changed options. An option that they lack is added where it has one value, since then there is no
 * choice: so a product without options gets its first one.
 */
export function fitted(options: readonly ProductOption[], variants: readonly Variant[]): Variant[] {
  return variants.map((variant) => {
    const missing = options.filter(({ name, values }) => !Object.hasOwn(variant.options, name) && values.length === 1)
    const added = missing.map(({ name, values }) => [name, values[0] ?? ''])
    return missing.length === 0
      ? variant
      : { ...variant, options: { ...variant.options, ...Object.fromEntries(added) } }
  })
}

function misfit(options: readonly ProductOption[], given: VariantOptions): string | undefined {
  const unknown = Object.keys(given).find((name) => !options.some((option) => option.name === name))
  if (unknown !== undefined) return `${unknown} is not an option of the product`
  const wrong = options.find(({ name, values }) => !Object.hasOwn(given, name) || !values.includes(given[name] ?? ''))
  return wrong && `must have one of the values of ${wrong.name}`
}

const combination = (options: readonly ProductOption[], given: VariantOptions) =>
  JSON.stringify(options.map(({ name }) => given[name]))

/** Whether an earlier element has the same key. */
function isRepeated<T>(all: readonly T[], index: number, keyOf: (one: T) => string): boolean {
  const one = all[index]
  return one !== undefined && all.findIndex((other) => keyOf(other) === keyOf(one)) < index
}
