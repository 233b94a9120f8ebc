import { migrateObject } from '@shop/http/object-schema'
import type { Cart } from '../domain/cart.ts'
import type { RequestKey } from '../domain/request-key.ts'
import { STEPS } from './tables.ts'

/** How long it is known that a request was applied: longer than any is repeated. */
const KEEP_KEYS_MS = 48 * 3_600_000

type KeyRow = { request_hash: string; subject: string | null }

/**
 * A cart in its object's own SQLite: one row of JSON, and the keys of requests. The cart is also kept in memory, since nothing
 * but this object writes it.
 *
 * The tables are made by the first write: an object that was only asked stores nothing, so that it ceases to exist.
 */
export class CartStorage {
  readonly #storage: DurableObjectStorage
  #hasTables: boolean
  #cart: Cart | undefined

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage
    const query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema_version'"
    this.#hasTables = storage.sql.exec(query).toArray().length > 0
    if (this.#hasTables) migrateObject(storage, STEPS)
  }

  /** Undefined for a cart that was never made. */
  cart(): Cart | undefined {
    if (!this.#hasTables) return undefined
    if (this.#cart === undefined) {
      const [row] = this.#storage.sql.exec<{ body: string }>('SELECT body FROM cart').toArray()
      this.#cart = row && parseCart(row.body)
    }
    return this.#cart
  }

  save(cart: Cart): void {
    const query = 'INSERT INTO cart (id, body) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body'
    this.#write().exec(query, JSON.stringify(cart))
    this.#cart = cart
  }

  key(key: string): RequestKey | undefined {
    if (!this.#hasTables) return undefined
    const query = 'SELECT request_hash, subject FROM request_keys WHERE key = ?'
    const [row] = this.#storage.sql.exec<KeyRow>(query, key).toArray()
    return row && { key, requestHash: row.request_hash, subject: row.subject }
  }

  /** Stores a key, and deletes old ones. */
  saveKey({ key, requestHash, subject = null }: RequestKey, now: Date): void {
    const sql = this.#write()
    const query = `INSERT INTO request_keys (key, request_hash, subject, at) VALUES (?, ?, ?, ?)
      ON CONFLICT (key) DO UPDATE SET subject = excluded.subject, at = excluded.at`
    sql.exec(query, key, requestHash, subject, now.getTime())
    sql.exec('DELETE FROM request_keys WHERE subject IS NULL AND at < ?', now.getTime() - KEEP_KEYS_MS)
  }

  deleteKeys(): void {
    this.#write().exec('DELETE FROM request_keys')
  }

  /** Empties the object, which then ceases to exist. */
  async clear(): Promise<void> {
    this.#hasTables = false
    this.#cart = undefined
    await this.#storage.deleteAlarm()
    await this.#storage.deleteAll()
  }

  /** Forgets what is kept in memory, after a write was rolled back. */
  clearCache(): void {
    this.#cart = undefined
  }

  /** For statements that write: makes the tables first, if there are none yet. */
  #write(): SqlStorage {
    if (!this.#hasTables) {
      migrateObject(this.#storage, STEPS)
      this.#hasTables = true
    }
    return this.#storage.sql
  }
}

type StoredCart = Omit<Cart, 'createdAt' | 'updatedAt' | 'completion' | 'isDeleted'> & {
  isDeleted?: boolean
  createdAt: string
  updatedAt: string
  completion: { claim: string; since: string } | null
}

/** Members that a version before did not know may be missing: give them a value here. */
function parseCart(body: string): Cart {
  // Only `save` writes it.
  const stored = JSON.parse(body) as StoredCart
  const { createdAt, updatedAt, completion, isDeleted = false } = stored
  return {
    ...stored,
    isDeleted,
    createdAt: new Date(createdAt),
    updatedAt: new Date(updatedAt),
    completion: completion && { ...completion, since: new Date(completion.since) },
  }
}
