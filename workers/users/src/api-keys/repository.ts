import type { Db } from '@shop/db/client'
import { withFreshKey } from '@shop/db/idempotency-keys'
import { users } from '@shop/db/schema/users'
import { apiKeys } from '@shop/db/schema/users-staff'
import type { Role } from '@shop/kernel/caller'
import type { KeyKnown } from '@shop/kernel/create-once'
import type { IdempotencyKey } from '@shop/kernel/idempotency'
import type { ApiKeyId, UserId } from '@shop/kernel/ids'
import { ok, type Result } from '@shop/kernel/result'
import { and, desc, eq, gt, inArray, isNull, lt, or, sql } from 'drizzle-orm'
import { keyedBy } from '../idempotency/repository.ts'
import type { ApiKey } from './domain/api-key.ts'

export type ApiKeyRepository = ReturnType<typeof apiKeyRepository>

/** How old the time of the last use may be: a write for each use would cost more than it tells. */
const LAST_USE_MINUTES = 60

const COLUMNS = {
  id: apiKeys.id,
  kind: apiKeys.kind,
  name: apiKeys.name,
  hint: apiKeys.hint,
  scopes: apiKeys.scopes,
  createdBy: apiKeys.createdBy,
  createdAt: apiKeys.createdAt,
  expiresAt: apiKeys.expiresAt,
  lastUsedAt: apiKeys.lastUsedAt,
  revokedAt: apiKeys.revokedAt,
}

type ValidKey = { key: Pick<ApiKey, 'id' | 'kind' | 'scopes'>; makerRole: Role }

/** API keys in Postgres; each call is one round trip. */
export const apiKeyRepository = (db: Db) => ({
  async insert(key: ApiKey, keyHash: string, idempotencyKey?: IdempotencyKey): Promise<Result<undefined, KeyKnown>> {
    const insert = db
      .insert(apiKeys)
      .values({ ...key, keyHash })
      .returning({ id: apiKeys.id })
    return withFreshKey(async () => {
      await db.execute(sql`
        with created as ${insert} ${keyedBy(idempotencyKey, sql`created`, key.createdAt)} select id from created`)
      return ok()
    })
  },

  async find(id: ApiKeyId): Promise<(ApiKey & { keyHash: string }) | undefined> {
    const [row] = await db
      .select({ ...COLUMNS, keyHash: apiKeys.keyHash })
      .from(apiKeys)
      .where(eq(apiKeys.id, id))
    return row && { ...toApiKey(row), keyHash: row.keyHash }
  },

  /** Newest first, by keyset over the primary key. */
  async list({ before, limit }: { before: string | undefined; limit: number }): Promise<ApiKey[]> {
    const where = before === undefined ? undefined : lt(apiKeys.id, before)
    const rows = await db.select(COLUMNS).from(apiKeys).where(where).orderBy(desc(apiKeys.id)).limit(limit)
    return rows.map(toApiKey)
  },

  /** The keys that an account has made, newest first. They are few, so no index serves it. */
  async listOf(userId: UserId): Promise<ApiKey[]> {
    const rows = await db.select(COLUMNS).from(apiKeys).where(eq(apiKeys.createdBy, userId)).orderBy(desc(apiKeys.id))
    return rows.map(toApiKey)
  },

  /** Ends a key. Ending it twice keeps the first time. */
  async revoke(id: ApiKeyId, now: Date): Promise<ApiKey | undefined> {
    const [row] = await db
      .update(apiKeys)
      .set({ revokedAt: sql`coalesce(${apiKeys.revokedAt}, ${now.toISOString()}::timestamptz)` })
      .where(eq(apiKeys.id, id))
      .returning(COLUMNS)
    return row && toApiKey(row)
  },

  /** Those that count now, with the roles of the accounts that made them, in any order. */
  async findValid(ids: readonly string[], now: Date): Promise<ValidKey[]> {
    const isValid = and(
      inArray(apiKeys.id, [...ids]),
      isNull(apiKeys.revokedAt),
      or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, now)),
    )
    const rows = await db
      .select({ id: apiKeys.id, kind: apiKeys.kind, scopes: apiKeys.scopes, makerRole: users.role })
      .from(apiKeys)
      .innerJoin(users, eq(users.id, apiKeys.createdBy))
      .where(isValid)
    // Only ids of these keys are ever written.
    return rows.map(({ makerRole, ...key }) => ({ key: { ...key, id: key.id as ApiKeyId }, makerRole }))
  },

  /** Finds a key that counts now, with the role of the account that made it, and records that it was used. */
  async use(keyHash: string, now: Date): Promise<ValidKey | undefined> {
    const at = sql`${now.toISOString()}::timestamptz`
    const { rows } = await db.execute<Pick<ApiKey, 'id' | 'kind' | 'scopes'> & { role: Role }>(sql`
      with known as (
        select key.id, key.kind, key.scopes, key.last_used_at, maker.role
        from ${apiKeys} key join ${users} maker on maker.id = key.created_by
        where key.key_hash = ${keyHash} and key.revoked_at is null
          and (key.expires_at is null or key.expires_at > ${at})
      ), used as (
        update ${apiKeys} set last_used_at = ${at}
        where id in (
          select id from known
          where last_used_at is null or last_used_at < ${at} - ${LAST_USE_MINUTES}::int * interval '1 minute')
      )
      select id, kind, scopes, role from known`)
    const [row] = rows
    if (row === undefined) return undefined
    const { role: makerRole, ...key } = row
    return { key, makerRole }
  },
})

/** Only ids of these types are ever written. */
function toApiKey(row: Pick<typeof apiKeys.$inferSelect, keyof typeof COLUMNS>): ApiKey {
  return { ...row, id: row.id as ApiKeyId, createdBy: row.createdBy as UserId }
}
