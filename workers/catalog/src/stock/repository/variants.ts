import type { StockTerms } from '@shop/contracts/catalog/rpc'
import type { Db } from '@shop/db/client'
import { products, variants } from '@shop/db/schema/catalog'
import { and, eq, inArray, isNull, type SQL, sql } from 'drizzle-orm'
import type { StockedVariant } from '../domain/stocked-variant.ts'
import { TERMS } from './terms.ts'

/** Variants with what Postgres has about their stock. */
export const variantRepository = (db: Db) => {
  const find = (condition: SQL): Promise<StockedVariant[]> =>
    db
      .select({
        id: variants.id,
        productId: variants.productId,
        isDraft: sql<boolean>`${products.status} = 'draft'`,
        sku: variants.sku,
        options: variants.options,
        terms: TERMS,
      })
      .from(variants)
      .innerJoin(products, eq(products.id, variants.productId))
      .where(and(condition, isNull(variants.deletedAt), sql`${products.status} <> 'archived'`))
      .orderBy(variants.position, variants.id)

  return {
    /** The variant, unless it is deleted or its product is. */
    async find(id: number): Promise<StockedVariant | undefined> {
      const [found] = await find(eq(variants.id, id))
      return found
    },

    /** The variants of a product in their order; none when it is deleted. Index: variants_of_product. */
    findOfProduct: (productId: number): Promise<StockedVariant[]> => find(eq(variants.productId, productId)),

    /** The terms of variants in one round trip, deleted ones included: an order may still be sold. */
    async terms(ids: number[]): Promise<Map<number, StockTerms>> {
      const rows = await db
        .select({ id: variants.id, terms: TERMS })
        .from(variants)
        .where(inArray(variants.id, [...new Set(ids)]))
      return new Map(rows.map(({ id, terms }) => [id, terms]))
    },
  }
}

export type VariantRepository = ReturnType<typeof variantRepository>
