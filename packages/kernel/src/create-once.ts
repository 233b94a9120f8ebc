import { sha256Hex } from './hash.ts'
import type { IdempotencyKey, IdempotencyKeyReused } from './idempotency.ts'
import { fail, ok, type Result } from './result.ts'

/** The key was stored before, by the same request or another one; nothing was created. */
export type KeyKnown = { code: 'idempotency_key_known' }
/** What the first request with the key created was deleted since. */
export type CreatedAndDeleted = { code: 'created_and_deleted' }
export type CreateOnceFailure = IdempotencyKeyReused | CreatedAndDeleted

/** `replayed` when an earlier request with the same key created it. */
export type Created<T> = { value: T; replayed: boolean }

/** A known key: the hash of its first request, and the id of what that created. */
export type StoredKey = { requestHash: string; subject: string }

/**
 * The key of a request that creates something; undefined for a request without one.
 *
 * @param scope who asks for what, such as `<user id>:createCategory`
 * @param request everything that a repetition must repeat
 */
export async function creationKey(
  scope: string,
  key: string | undefined,
  request: unknown,
): Promise<IdempotencyKey | undefined> {
  return key === undefined ? undefined : { scope, key, requestHash: await sha256Hex(JSON.stringify(request)) }
}

/**
 * Creates something once for each key. The statement that creates it also stores the key, so of several requests one creates
 * and the others find what it created.
 *
 * A refusal stores no key: its retry runs afresh. But a repeated request may also be refused because of what the first one
 * created, such as a taken SKU, so the key is looked up before a refusal is answered.
 *
 * @param steps.create refuses a known key with {@link KeyKnown}
 * @param steps.find reads what a key led to, as it is now; undefined when it was deleted
 */
export async function createOnce<T, F extends { code: string }>(
  key: IdempotencyKey | undefined,
  steps: {
    create: () => Promise<Result<T, F | KeyKnown>>
    findKey: (key: IdempotencyKey) => Promise<StoredKey | undefined>
    find: (subject: string) => Promise<T | undefined>
  },
): Promise<Result<Created<T>, Exclude<F, KeyKnown> | CreateOnceFailure>> {
  const created = await steps.create()
  if (created.ok) return ok({ value: created.value, replayed: false })
  const known = key && (await steps.findKey(key))
  if (known === undefined) {
    if (isRefusal(created.failure)) return fail(created.failure)
    throw new Error('An idempotency key was taken and is not stored')
  }
  if (known.requestHash !== key?.requestHash) return fail({ code: 'idempotency_key_reused' })
  const value = await steps.find(known.subject)
  return value === undefined ? fail({ code: 'created_and_deleted' }) : ok({ value, replayed: true })
}

function isRefusal<F extends { code: string }>(failure: F | KeyKnown): failure is Exclude<F, KeyKnown> {
  return failure.code !== 'idempotency_key_known'
}
