import { ObjectSettings } from '@shop/http/objects'
import { Origins } from '@shop/http/origins'
import { z } from 'zod'
import { SigningKeys } from './sessions/internal/signing-keys.ts'

/** At least 128 bits when generated at random. */
const secret = z.string().min(32)

/** The variables and secrets of this worker; `UsersEnv` is their type with the bindings. */
export const UsersSettings = z.object({
  ENVIRONMENT: z.string().min(1),
  USERS_DATABASE_URL: z.string().min(1),
  NEON_FETCH_ENDPOINT: z.string(),
  TOKEN_SIGNING_KEYS: SigningKeys,
  FACTOR_SECRET: secret,
  /** The next one, during rotation: it encrypts from now on, and FACTOR_SECRET only decrypts. */
  FACTOR_SECRET_NEXT: secret.optional(),
  /** The domain that passkeys belong to, without a scheme. */
  RP_ID: z.hostname(),
  /** The pages that may use them. */
  RP_ORIGINS: Origins.refine((origins) => origins.size > 0, 'names no origin'),
  TOKEN_ISSUER: z.string().min(1),
  TOKEN_AUDIENCE: z.string().min(1),
  UPSTASH_REDIS_REST_URL: z.union([z.literal(''), z.url()]),
  // Optional, so that a shop without Redis can be deployed; `wrangler types` therefore does not list it.
  UPSTASH_REDIS_REST_TOKEN: z.string().optional(),
  LIMITS_REDIS_TIMEOUT_MS: z.coerce.number().int().positive(),
  ADDRESS_LIMITS: z.enum(['strict', 'raised']),
  ...ObjectSettings.shape,
})
export type UsersSettings = z.infer<typeof UsersSettings>
