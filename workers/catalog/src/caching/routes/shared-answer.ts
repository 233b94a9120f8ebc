import type { Failure } from '@shop/http/problems'
import { CACHE_HEADER, CACHEABLE_HEADER, VALID_HEADER } from '@shop/http/trace-context'
import type { Result } from '@shop/kernel/result'
import { z } from 'zod'
import type { Reading } from '../read-answer.ts'

/** Any cache may keep it and must revalidate it each time, so that a change is visible within a second. */
const PUBLIC = 'public, max-age=0, must-revalidate'
const STAFF = 'private, no-cache'

/** Adds to the response of a public read where it came from and how it may be cached. */
export function sharedAnswer<R extends Response, T extends Result<unknown, Failure>>(
  { answer, ageMs, validMs, from }: Reading<T>,
  response: R,
): R {
  response.headers.set(CACHE_HEADER, from)
  if (ageMs !== undefined) response.headers.set(CACHEABLE_HEADER, String(ageMs))
  if (validMs !== undefined) response.headers.set(VALID_HEADER, String(validMs))
  if (answer.ok) response.headers.set('cache-control', from === 'bypass' ? STAFF : PUBLIC)
  // Problems are in English, whatever language was asked for.
  else response.headers.delete('content-language')
  return response
}

/** `changesAt`: when the answer changes by itself, in milliseconds since the epoch. */
export type Timed = { changesAt?: number | undefined }

/** The answers of a read that may be kept: a value, and with `keptFailure` also that there is none. */
export const keptValue = <S extends z.ZodType>(value: S) =>
  z.object({ ok: z.literal(true), value, changesAt: z.number().optional() })
export const keptFailure = <S extends z.ZodType>(failure: S) => z.object({ ok: z.literal(false), failure })
export const KEPT_NOT_FOUND = keptFailure(z.object({ code: z.literal('product_not_found'), productId: z.int() }))

/** Parses a kept answer; undefined for any other shape. */
export const parserOf =
  <S extends z.ZodType>(schema: S) =>
  (kept: unknown): z.output<S> | undefined =>
    schema.safeParse(kept).data
