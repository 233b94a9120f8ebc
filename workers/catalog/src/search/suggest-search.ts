import { ok, type Result } from '@shop/kernel/result'
import type { CatalogDeps } from '../deps.ts'
import type { Suggestions } from './domain/suggestions.ts'

/** How many there are of each kind. */
const SUGGESTED = 5

/**
 * Products, categories and brands to offer while a search is typed.
 *
 * @param locale of the names of products; the default one without it
 */
export async function suggestSearch(
  { search }: Pick<CatalogDeps, 'search'>,
  text: string,
  locale?: string,
): Promise<Result<Suggestions, never>> {
  if (text === '') return ok({ products: [], categories: [], brands: [] })
  return ok(await search.suggest(text, { limit: SUGGESTED, locale }))
}
