/** How many products of a list have a value. The filter by a facet does not narrow its own counts. */
export type FacetCount = { value: string; count: number }

/** Amounts in minor units; both ends of a range count. */
export type PriceRange = { min: number; max: number; count: number }

export type Facets = {
  categories: { id: number; slug: string; name: string; count: number }[]
  brands: FacetCount[]
  /** Absent when no product of the list is sold in the currency. */
  prices: { min: number; max: number; ranges: PriceRange[] } | undefined
  options: { name: string; values: FacetCount[] }[]
  attributes: { key: string; label: string; values: FacetCount[] }[]
  inStock: number
  /** Whether a count is of some of the products only, since there are too many. */
  isApproximate: boolean
}

/** How many products a list has in all. */
export type Total = { count: number; isExact: boolean }
