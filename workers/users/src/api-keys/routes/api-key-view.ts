import { API_KEY_KINDS } from '@shop/kernel/api-key'
import { opaqueId } from '@shop/kernel/ids'
import { ALL_SCOPES } from '@shop/kernel/scopes'
import { Instant } from '@shop/kernel/text'
import { z } from 'zod'
import type { ApiKey } from '../domain/api-key.ts'

export const ApiKeyIdParam = opaqueId('key_01jd4k2v9rf0fv8z3x1m5q7w2e')

export const ApiKeyView = z
  .strictObject({
    id: ApiKeyIdParam,
    kind: z.enum(API_KEY_KINDS).meta({ example: 'secret' }),
    name: z.string().meta({ example: 'Warehouse' }),
    hint: z.string().meta({ description: 'How the key begins', example: 'shop_sk_3Fz9' }),
    scopes: z
      .array(z.enum(ALL_SCOPES))
      .meta({ description: 'It has those of them that its maker has now', example: ['orders:read', 'orders:fulfill'] }),
    created_by: opaqueId('user_01jd4k2v9rf0fv8z3x1m5q7w2e'),
    created_at: Instant,
    expires_at: Instant.nullable(),
    last_used_at: Instant.nullable().meta({ description: 'At most an hour old' }),
    revoked_at: Instant.nullable(),
  })
  .meta({ id: 'ApiKey' })

export const ApiKeyWithMessage = z
  .strictObject({ api_key: ApiKeyView, message: z.string().meta({ example: 'API key revoked' }) })
  .meta({ id: 'ApiKeyWithMessage' })

export function toApiKeyView(key: ApiKey): z.infer<typeof ApiKeyView> {
  const { id, kind, name, hint, scopes, createdBy, createdAt, expiresAt, lastUsedAt, revokedAt } = key
  return {
    ...{ id, kind, name, hint, scopes },
    created_by: createdBy,
    created_at: createdAt.toISOString(),
    expires_at: expiresAt?.toISOString() ?? null,
    last_used_at: lastUsedAt?.toISOString() ?? null,
    revoked_at: revokedAt?.toISOString() ?? null,
  }
}
