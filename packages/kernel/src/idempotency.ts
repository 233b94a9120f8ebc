import { z } from 'zod'

/** The scope of a caller's idempotency key: keys of other callers and operations never collide. */
export type IdempotencyKey = { scope: string; key: string; requestHash: string }

export type IdempotencyKeyRequired = { code: 'idempotency_key_required' }
export type IdempotencyKeyReused = { code: 'idempotency_key_reused' }
export type IdempotencyInFlight = { code: 'idempotency_in_flight' }

/**
 * The key in the published API description. It is refused as a key: two clients that copy it would share one answer.
 */
export const EXAMPLE_IDEMPOTENCY_KEY = '3f6c0d0e-5b7a-4a51-9d55-0c8e5a526f0c'

const isExample = (key: string) => key.replace(/^"(.*)"$/, '$1').toLowerCase() === EXAMPLE_IDEMPOTENCY_KEY

/** The Idempotency-Key header, as in draft-ietf-httpapi-idempotency-key-header: printable ASCII, quotes optional. */
const IdempotencyKeyHeader = z
  .string()
  .regex(
    /^(?!""$)[\x21-\x7e]{1,255}$/,
    'must be 1 to 255 printable ASCII characters without spaces, and not empty in quotes',
  )
  .refine((key) => !isExample(key), 'is the published example: make a key of your own, such as a random UUID')
  .meta({
    description:
      'A new one, such as a UUID, for each thing to do; the same key with the same body gives its first answer. The example itself is refused',
    example: EXAMPLE_IDEMPOTENCY_KEY,
  })

/** Optional even where it is required, since a missing key is another problem than a malformed one. */
export const KeyHeader = { 'idempotency-key': IdempotencyKeyHeader.optional() } as const

export const REPLAYED_HEADER = 'Idempotency-Replayed'

/** Marks an answer that repeats the first one of an idempotency key. */
export function markReplayed<R extends { headers: Headers }>(response: R, isReplayed: boolean): R {
  if (isReplayed) response.headers.set(REPLAYED_HEADER, 'true')
  return response
}
