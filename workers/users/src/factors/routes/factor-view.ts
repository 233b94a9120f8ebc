import { ACCESS_TOKEN_SECONDS } from '@shop/contracts/users/access-tokens'
import { FACTOR_TYPES } from '@shop/contracts/users/factors'
import { opaqueId } from '@shop/kernel/ids'
import { Instant, line } from '@shop/kernel/text'
import { z } from 'zod'
import type { AddedFactor } from '../confirm-totp.ts'
import type { Factor } from '../domain/factor.ts'

export const FactorIdParam = opaqueId('factor_01jd4k2v9rf0fv8z3x1m5q7w2e')

export const FactorName = line(100).meta({ description: 'For the owner to recognize it', example: 'My phone' })

export const FactorView = z
  .strictObject({
    id: FactorIdParam,
    type: z.enum(FACTOR_TYPES).meta({ description: '`totp`: an authenticator app', example: 'totp' }),
    name: z.string().nullable().meta({ example: 'My phone' }),
    created_at: Instant,
    confirmed_at: Instant.nullable().meta({ description: 'Null while it protects nothing' }),
    last_used_at: Instant.nullable(),
  })
  .meta({ id: 'Factor' })

export function toFactorView({
  id,
  type,
  name,
  createdAt,
  confirmedAt,
  lastUsedAt,
}: Factor): z.infer<typeof FactorView> {
  return {
    id,
    type,
    name: name ?? null,
    created_at: createdAt.toISOString(),
    confirmed_at: confirmedAt?.toISOString() ?? null,
    last_used_at: lastUsedAt?.toISOString() ?? null,
  }
}

export const RecoveryCodes = z.array(z.string().meta({ example: '7k2m9q-x4v8c1-b6n3z0-t5w7y2' })).meta({
  description: 'Shown once; each is good for one sign-in',
})

export const AccessToken = z
  .string()
  .meta({ description: 'Access token (JWT, EdDSA): send as `Authorization: Bearer …`' })
export const ExpiresIn = z.int().meta({ description: 'Seconds until `token` expires', example: ACCESS_TOKEN_SECONDS })

export const AddedFactorView = z
  .strictObject({
    message: z.string().meta({ example: 'Factor added' }),
    factor: FactorView,
    recovery_codes: RecoveryCodes.nullable().meta({ description: 'Null when the account has codes already' }),
    token: AccessToken,
    expires_in: ExpiresIn,
  })
  .meta({ id: 'AddedFactor' })

export function toAddedFactorView({ factor, recoveryCodes, token }: AddedFactor): z.infer<typeof AddedFactorView> {
  return {
    message: 'Factor added',
    factor: toFactorView(factor),
    recovery_codes: recoveryCodes ?? null,
    token,
    expires_in: ACCESS_TOKEN_SECONDS,
  }
}
