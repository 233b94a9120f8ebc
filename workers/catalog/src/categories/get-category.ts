import type { CategoryNotFound } from '@shop/contracts/catalog/failures'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { CatalogDeps } from '../deps.ts'
import type { Category } from './domain/category.ts'

export async function getCategory(
  { categories }: Pick<CatalogDeps, 'categories'>,
  { id }: { id: number },
): Promise<Result<Category, CategoryNotFound>> {
  const category = await categories.find(id)
  return category === undefined ? fail({ code: 'category_not_found', categoryId: id }) : ok(category)
}
