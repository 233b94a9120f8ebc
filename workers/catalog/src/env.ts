import { z } from 'zod'
import type { StockObject } from './stock/stock-object.ts'

export const CatalogBindings = z.object({
  ENVIRONMENT: z.string(),
  CATALOG_DATABASE_URL: z.string().min(1),
  NEON_FETCH_ENDPOINT: z.string(),
  UPSTASH_REDIS_REST_URL: z.string(),
  /** A secret that a shop without Redis has not got, so no generated type knows it. */
  UPSTASH_REDIS_REST_TOKEN: z.string().optional(),
  // A binding is an object of the runtime; there is nothing in it that could be checked.
  STOCK: z.custom<DurableObjectNamespace<StockObject>>((binding) => typeof binding === 'object' && binding !== null),
})
export type CatalogBindings = z.infer<typeof CatalogBindings>
