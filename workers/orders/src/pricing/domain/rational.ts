/** An exact fraction of 0 or more, in lowest terms. */
export type Rational = { readonly numerator: bigint; readonly denominator: bigint }

export const ZERO: Rational = { numerator: 0n, denominator: 1n }
export const ONE: Rational = { numerator: 1n, denominator: 1n }

/** @param denominator 1 or more */
export function rational(numerator: bigint, denominator = 1n): Rational {
  const divisor = greatestCommonDivisor(numerator, denominator)
  return { numerator: numerator / divisor, denominator: denominator / divisor }
}

/**
 * Reads a decimal text such as '0.19' or '12.50', exactly.
 *
 * @throws RangeError for anything else: signs, exponents, a missing digit on either side of the point
 */
export function parseDecimal(text: string): Rational {
  const [, whole, fraction = ''] = /^(\d+)(?:\.(\d+))?$/.exec(text) ?? []
  if (whole === undefined) throw new RangeError(`Not a decimal number: ${text}`)
  return rational(BigInt(whole + fraction), 10n ** BigInt(fraction.length))
}

/** Reads a percentage, '12.5', as a fraction of 1. */
export function parsePercent(text: string): Rational {
  return divide(parseDecimal(text), rational(100n))
}

export function add(a: Rational, b: Rational): Rational {
  return rational(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator)
}

export function multiply(a: Rational, b: Rational): Rational {
  return rational(a.numerator * b.numerator, a.denominator * b.denominator)
}

export function divide(a: Rational, b: Rational): Rational {
  return rational(a.numerator * b.denominator, a.denominator * b.numerator)
}

/** Below 0 when `a` is smaller, above 0 when it is larger. */
export function compare(a: Rational, b: Rational): number {
  return compareWhole(a.numerator * b.denominator, b.numerator * a.denominator)
}

export function compareWhole(a: bigint, b: bigint): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

/** The nearest multiple of `unit`; of two that are equally near, the larger. */
export function roundHalfUp({ numerator, denominator }: Rational, unit = 1n): bigint {
  const step = denominator * unit
  return ((2n * numerator + step) / (2n * step)) * unit
}

/** The largest multiple of `unit` that is not above. */
export function roundDown({ numerator, denominator }: Rational, unit = 1n): bigint {
  return (numerator / (denominator * unit)) * unit
}

/** Whole numbers in the same proportions. */
export function toWholeWeights(values: readonly Rational[]): bigint[] {
  const common = values.reduce((multiple, { denominator }) => leastCommonMultiple(multiple, denominator), 1n)
  return values.map(({ numerator, denominator }) => numerator * (common / denominator))
}

export function sum(values: Iterable<bigint>): bigint {
  let total = 0n
  for (const value of values) total += value
  return total
}

export function smallest(first: bigint, ...others: bigint[]): bigint {
  return others.reduce((least, value) => (value < least ? value : least), first)
}

function leastCommonMultiple(a: bigint, b: bigint): bigint {
  return (a / greatestCommonDivisor(a, b)) * b
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [larger, smaller] = [a, b]
  while (smaller !== 0n) [larger, smaller] = [smaller, larger % smaller]
  return larger
}
