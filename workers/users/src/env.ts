import { InvocationSettings } from '@shop/http/invocation'
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
  // Optional, as a shop that has never rotated its keys has none; `wrangler types` therefore does not list it.
  TOKEN_SIGNING_KEYS_NEXT: SigningKeys.optional(),
  /** An HMAC key is best as long as its hash. */
  ACCOUNT_TOKEN_SECRET: secret,
  FACTOR_SECRET: secret,
  /** The next one, during rotation: it encrypts from now on, and FACTOR_SECRET only decrypts. */
  FACTOR_SECRET_NEXT: secret.optional(),
  /** The domain that passkeys belong to, without a scheme. */
  RP_ID: z.hostname(),
  /** The pages that may use them. */
  RP_ORIGINS: Origins.refine((origins) => origins.size > 0, 'names no origin'),
  /** In characters. Below 8, no rule of today would allow it. */
  PASSWORD_MIN_LENGTH: z
    .string()
    .regex(/^([89]|[1-5][0-9]|6[0-4])$/, 'must be 8 to 64')
    .transform(Number),
  /** Of a range API that knows breached passwords; empty for a shop that asks nobody. */
  PASSWORD_BREACH_CHECK: z.union([z.literal(''), z.url({ protocol: /^https?$/ })]),
  TOKEN_ISSUER: z.string().min(1),
  TOKEN_AUDIENCE: z.string().min(1),
  ADDRESS_LIMITS: z.enum(['strict', 'raised']),
  ...ObjectSettings.shape,
  ...InvocationSettings.shape,
})
export type UsersSettings = z.infer<typeof UsersSettings>
