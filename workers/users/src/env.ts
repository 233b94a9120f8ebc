import { ObjectSettings } from '@shop/http/objects'
import { z } from 'zod'
import { SigningKeys } from './sessions/internal/signing-keys.ts'

/** The variables and secrets of this worker; `UsersEnv` is their type with the bindings. */
export const UsersSettings = z.object({
  ENVIRONMENT: z.string().min(1),
  USERS_DATABASE_URL: z.string().min(1),
  NEON_FETCH_ENDPOINT: z.string(),
  TOKEN_SIGNING_KEYS: SigningKeys,
  // Optional, as a shop that has never rotated its keys has none; `wrangler types` therefore does not list it.
  TOKEN_SIGNING_KEYS_NEXT: SigningKeys.optional(),
  TOKEN_ISSUER: z.string().min(1),
  TOKEN_AUDIENCE: z.string().min(1),
  ADDRESS_LIMITS: z.enum(['strict', 'raised']),
  ...ObjectSettings.shape,
})
export type UsersSettings = z.infer<typeof UsersSettings>
