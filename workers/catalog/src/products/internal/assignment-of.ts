import { slugOf } from '../../slugs/slug-of.ts'
import type { CategoryAssignment, Product } from '../domain/product.ts'
import { type CategoryChoice, wantedCategories } from '../domain/product-categories.ts'

/**
 * The categories to write for what staff chose; undefined when they stay as they are.
 *
 * @param product undefined for a new one
 */
export function assignmentOf(product: Product | undefined, choice: CategoryChoice): CategoryAssignment | undefined {
  const wanted = wantedCategories(product, choice)
  if (wanted === undefined) return undefined
  const { name, ids, keptIds } = wanted
  return { named: name === undefined ? undefined : { name, slug: slugOf({ name }, 'category') }, ids, keptIds }
}
