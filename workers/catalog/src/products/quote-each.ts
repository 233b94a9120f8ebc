import type { Quote, QuoteFailure, QuoteRequest, VariantRef } from '@shop/contracts/catalog/rpc'
import { ok, type Result } from '@shop/kernel/result'
import type { CatalogDeps } from '../deps.ts'
import { type Named, quoteOf } from './domain/quote-of.ts'

type QuoteDeps = { products: Pick<CatalogDeps['products'], 'quote'> } & Pick<CatalogDeps, 'recentQuotes' | 'now'>

/**
 * For each reference its quote, which may be a second old, or what is wrong with it. At most one round trip.
 *
 * Of several references to products with several variants, the first one gets the list of them.
 */
export async function quoteEach(
  deps: QuoteDeps,
  { refs, currency, collectionIds = [] }: QuoteRequest,
): Promise<Result<Result<Quote, QuoteFailure>[], never>> {
  const moment = { now: deps.now(), currency }
  const known = refs.map((ref) => deps.recentQuotes.find(ref, collectionIds, moment.now))
  const missing = refs.filter((_, index) => known[index] === undefined)
  const read = await readNamed(deps, missing, collectionIds)
  return ok(
    refs.map((ref, index) => {
      const recent = known[index]
      return quoteOf(ref, recent === undefined ? (read.get(ref) ?? NOTHING) : { found: [recent], choices: [] }, moment)
    }),
  )
}

const NOTHING: Named = { found: [], choices: [] }

async function readNamed(
  { products, recentQuotes, now }: QuoteDeps,
  refs: VariantRef[],
  collectionIds: readonly number[],
): Promise<Map<VariantRef, Named>> {
  if (refs.length === 0) return new Map()
  // Before the query, so that an entry is never older than it says.
  const readAt = now()
  const { named, choices } = await products.quote(refs, collectionIds)
  const firstOfSeveral = named.findIndex((found) => found.length > 1)
  return new Map(
    refs.map((ref, index) => {
      const found = named[index] ?? []
      const [quotable] = found
      if (quotable !== undefined && found.length === 1) recentQuotes.keep(ref, collectionIds, { quotable, readAt })
      return [ref, { found, choices: index === firstOfSeveral ? choices : [] }]
    }),
  )
}
