import { categoryNameOf, nameKey } from '../../categories/domain/name-key.ts'
import type { CategoryAssignment, Product } from './product.ts'

/** What staff say of the categories of a product: the primary one by its name, and any by their ids. */
export type CategoryChoice = {
  /** Null for none. */
  category?: string | null | undefined
  categoryIds?: readonly number[] | undefined
}

/** The categories that a product is to have, before the slug of a new one is made. */
export type WantedCategories = Omit<CategoryAssignment, 'named'> & { name: string | undefined }

/**
 * Decides the categories of a product.
 *
 * Ids are the whole list; with a name, its category comes first. A name alone replaces the primary category and leaves the
 * others, as a shop where each product has one category expects; null alone takes the product out of all.
 *
 * @param product undefined for a new one
 * @returns undefined when they stay as they are
 */
export function wantedCategories(
  product: Pick<Product, 'category' | 'categoryIds'> | undefined,
  { category, categoryIds }: CategoryChoice,
): WantedCategories | undefined {
  const name = category === undefined || category === null ? undefined : categoryNameOf(category)
  const [primary, ...others] = product?.categoryIds ?? []
  // A form that was saved unchanged names the category that the product has, not another one with that name.
  const isPrimary = primary !== undefined && name !== undefined && nameKey(name) === nameKey(product?.category ?? '')
  if (categoryIds !== undefined) {
    if (isPrimary) return { name: undefined, ids: [...new Set([primary, ...categoryIds])], keptIds: [] }
    return { name, ids: [...new Set(categoryIds)], keptIds: [] }
  }
  if (category === undefined || isPrimary) return undefined
  if (name === undefined) return primary === undefined ? undefined : { name, ids: [], keptIds: [] }
  return { name, ids: [], keptIds: others }
}
