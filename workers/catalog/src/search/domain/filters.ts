import type { CurrencyCode } from '@shop/kernel/currencies'

/** What a list of products is narrowed to. A product has to meet all that is there, and of a list any of its values. */
export type ProductFilters = {
  search?: string | undefined
  /** The slug of a category, or the name of some; what is below them is included. */
  category?: string | undefined
  /** The slug or the id of a collection. */
  collection?: string | undefined
  brands?: readonly string[] | undefined
  tags?: readonly string[] | undefined
  /** Bounds of the lowest price, in minor units of `currency`, which count. */
  price?: { min?: number | undefined; max?: number | undefined } | undefined
  isInStock?: boolean | undefined
  /** Values by the name of the option. */
  options?: readonly NamedValues[] | undefined
  /** Values by the key of the attribute. */
  attributes?: readonly NamedValues[] | undefined
  /** Only products sold in it. */
  currency?: CurrencyCode | undefined
}

export type NamedValues = { name: string; values: readonly string[] }
