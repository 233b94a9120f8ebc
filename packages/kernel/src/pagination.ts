import { z } from 'zod'
import { fail, ok, type Result } from './result.ts'

export const DEFAULT_LIMIT = 20
export const MAX_LIMIT = 100

/** `?limit=`: text on the wire; outside 1 to `maximum` is refused, never clamped, so that a client sees its mistake. */
export const limitParam = (maximum: number, absent: number) =>
  z
    .string()
    .regex(/^[0-9]{1,4}$/, 'must be a whole number')
    .transform(Number)
    .refine((limit) => limit >= 1 && limit <= maximum, `must be from 1 to ${maximum}`)
    .optional()
    .meta({ type: 'integer', minimum: 1, maximum, default: absent, example: absent })

export const LimitParam = limitParam(MAX_LIMIT, DEFAULT_LIMIT)

export const CursorParam = z.string().max(400).optional().meta({ description: '`next_cursor` of the page before' })

export const NextCursor = z
  .string()
  .nullable()
  .meta({ description: 'Pass as `cursor` for the next page; null on the last', example: null })

export type InvalidCursor = { code: 'invalid_cursor' }

/** The position after the last row of a page: its sort key and its id. Opaque to clients. */
export type Position = { sortKey: string; id: string }

const PositionTuple = z.tuple([z.string().max(100), z.string().max(100)])

export function encodeCursor(position: Position): string {
  const bytes = new TextEncoder().encode(JSON.stringify([position.sortKey, position.id]))
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '')
}

/** @param isValid what the list requires of the two parts; a cursor of another list is refused like a forged one */
export function decodeCursor(
  cursor: string,
  isValid: (position: Position) => boolean,
): Result<Position, InvalidCursor> {
  try {
    const bytes = Uint8Array.from(atob(cursor.replaceAll('-', '+').replaceAll('_', '/')), (byte) => byte.charCodeAt(0))
    const parsed = PositionTuple.safeParse(
      JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)),
    )
    if (!parsed.success) return fail({ code: 'invalid_cursor' })
    const position = { sortKey: parsed.data[0], id: parsed.data[1] }
    return isValid(position) ? ok(position) : fail({ code: 'invalid_cursor' })
  } catch {
    return fail({ code: 'invalid_cursor' })
  }
}

/**
 * Whether a cursor's text is an instant: a date that exists, which `Date.parse` alone does not check (it reads 30
 * February as 2 March).
 */
export function isInstantText(text: string): boolean {
  if (!/^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$/.test(text)) return false
  const milliseconds = Date.parse(text)
  return !Number.isNaN(milliseconds) && new Date(milliseconds).toISOString().slice(0, 19) === text.slice(0, 19)
}

/** Splits `limit + 1` fetched rows into a page and the cursor of the next. */
export function toPage<T>(rows: T[], limit: number, position: (row: T) => Position) {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return { items, nextCursor: rows.length > limit && last !== undefined ? encodeCursor(position(last)) : null }
}
