import { ObjectSettings } from '@shop/http/objects'
import { z } from 'zod'

/** The settings and bindings of the worker, checked once. */
export const CatalogSettings = z.object({
  ENVIRONMENT: z.string(),
  CATALOG_DATABASE_URL: z.string().min(1),
  NEON_FETCH_ENDPOINT: z.string(),
  UPSTASH_REDIS_REST_URL: z.string(),
  /** A secret that a shop without Redis does not set, so the generated types do not know it. */
  UPSTASH_REDIS_REST_TOKEN: z.string().optional(),
  // A binding is an object of the runtime; it has nothing that could be checked.
  STOCK: z.custom<CatalogEnv['STOCK']>((binding) => typeof binding === 'object' && binding !== null),
  ...ObjectSettings.shape,
})
export type CatalogSettings = z.infer<typeof CatalogSettings>
