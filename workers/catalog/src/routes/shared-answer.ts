import type { Failure } from '@shop/http'
import { CACHE_HEADER, CACHEABLE_HEADER } from '@shop/http/trace-context'
import type { Result } from '@shop/kernel'
import { z } from 'zod'
import type { Reading } from '../operations/read-answer.ts'

/** Everybody may keep it, and asks each time whether it still holds: a change is seen within a second, not later. */
const PUBLIC = 'public, max-age=0, must-revalidate'
const STAFF = 'private, no-cache'

/** Marks the response to a public read with where it came from, and how it may be kept. */
export function sharedAnswer<R extends Response, T extends Result<unknown, Failure>>(
  { answer, ageMs, from }: Reading<T>,
  response: R,
): R {
  response.headers.set(CACHE_HEADER, from)
  if (ageMs !== undefined) response.headers.set(CACHEABLE_HEADER, String(ageMs))
  if (answer.ok) response.headers.set('cache-control', from === 'bypass' ? STAFF : PUBLIC)
  return response
}

/** What of a read may be given again: what was found, and with `KEPT_NOT_FOUND` also that nothing was. */
export const keptValue = <S extends z.ZodType>(value: S) => z.object({ ok: z.literal(true), value })
export const KEPT_NOT_FOUND = z.object({
  ok: z.literal(false),
  failure: z.object({ code: z.literal('product_not_found'), productId: z.int() }),
})

/** Reads what was kept; undefined for whatever is of another shape. */
export const parserOf =
  <S extends z.ZodType>(schema: S) =>
  (kept: unknown): z.output<S> | undefined =>
    schema.safeParse(kept).data
