import { createHash } from 'node:crypto'
import { ApiError, invalidRequest } from '../api/errors.ts'
import type { Form, FormValue } from '../api/form.ts'
import type { Store } from '../store/store.ts'

const KEEP_SECONDS = 24 * 60 * 60
const LONGEST_KEY = 255

export interface StoredAnswer {
  status: number
  body: string
  requestId: string
}

/**
 * Idempotency keys as at Stripe (https://docs.stripe.com/api/idempotent_requests): once the execution begins, the first
 * answer is stored, including 402 and 500, and replayed for 24 hours.
 */
export class IdempotencyKeys {
  readonly #store: Store
  readonly #inFlight = new Set<string>()

  constructor(store: Store) {
    this.#store = store
    store.db.exec(`
      create table if not exists idempotency_keys (
        key text primary key, path text not null, params_hash text not null,
        status integer not null, body text not null, request_id text not null, created integer not null
      )`)
  }

  /**
   * Locks the key for one request. The caller must call `release` in every case.
   *
   * @returns the stored answer, if there is one
   * @throws ApiError 409 while another request holds the key, 400 when its first request was a different one
   */
  claim(key: string, path: string, paramsHash: string, now: number): StoredAnswer | undefined {
    if (key.length > LONGEST_KEY) {
      throw invalidRequest(`Idempotency keys can have up to ${LONGEST_KEY} characters.`)
    }
    if (this.#inFlight.has(key)) throw inUse(key)
    const row = this.#store
      .prepare('select * from idempotency_keys where key = ? and created > ?')
      .get(key, now - KEEP_SECONDS)
    if (row && row.path !== path) {
      const paths = `('${path}' vs '${String(row.path)}')`
      throw mismatch(`for the same endpoint they were first used for ${paths}`, key)
    }
    if (row && row.params_hash !== paramsHash) throw mismatch('with the same parameters they were first used with', key)
    this.#inFlight.add(key)
    return row && { status: Number(row.status), body: String(row.body), requestId: String(row.request_id) }
  }

  release(key: string): void {
    this.#inFlight.delete(key)
  }

  save(key: string, path: string, paramsHash: string, answer: StoredAnswer, now: number): void {
    this.#store
      .prepare('insert or replace into idempotency_keys values (?, ?, ?, ?, ?, ?, ?)')
      .run(key, path, paramsHash, answer.status, answer.body, answer.requestId, now)
  }

  forgetExpired(now: number): void {
    this.#store.prepare('delete from idempotency_keys where created <= ?').run(now - KEEP_SECONDS)
  }
}

/** A hash of the parameters that does not depend on their order. */
export function hashParams(form: Form): string {
  return createHash('sha256').update(canonical(form)).digest('hex')
}

function canonical(value: FormValue): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  const keys = Object.keys(value).sort()
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key] ?? '')}`).join()}}`
}

function mismatch(rule: string, key: string): ApiError {
  const advice = `Try using a key other than '${key}' if you meant to execute a different request.`
  const message = `Keys for idempotent requests can only be used ${rule}. ${advice}`
  return new ApiError(400, { type: 'idempotency_error', message })
}

function inUse(key: string): ApiError {
  const message =
    'There is currently another in-progress request using this Idempotent Key (that probably means you submitted ' +
    `twice, and the other request is still going through): ${key}. Please try again later.`
  return new ApiError(409, { type: 'idempotency_error', code: 'idempotency_key_in_use', message })
}
