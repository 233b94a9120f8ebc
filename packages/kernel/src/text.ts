import { z } from 'zod'

/** Postgres text cannot hold NUL, and a lone surrogate would be stored as another character than was sent. */
export const isStorable = (value: string) => !value.includes('\u0000') && value.isWellFormed()

/** Text of `min` to `max` UTF-16 code units that is stored exactly as it was sent. */
export const text = (min: number, max: number) =>
  z.string().min(min).max(max).refine(isStorable, 'must not contain NUL or unpaired surrogates')

/** Text in a query that narrows a list. Empty text counts as absent, since a form sends the fields nobody filled in. */
export const filterText = (max: number) =>
  text(0, max)
    .transform((value) => (value === '' ? undefined : value))
    .optional()

/**
 * One line that people read, such as a name: stored in one Unicode form (NFC) and without spaces around it, so that texts
 * that look equal are equal more often. `max` counts UTF-16 code units.
 */
export const line = (max: number) =>
  z
    .string()
    .normalize('NFC')
    .trim()
    .min(1)
    .max(max)
    .refine((value) => value === '' || !/^[\p{Cf}\s]*$/u.test(value), 'must not be blank')
    .refine(
      (value) => isStorable(value) && !/\p{Cc}/u.test(value),
      'must not contain control characters or unpaired surrogates',
    )

/** A member's name on the wire: `createdAt` is `created_at`. */
export const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

export const Instant = z.iso
  .datetime()
  .meta({ description: 'RFC 3339 instant, UTC', example: '2026-11-23T10:00:00.000Z' })

const YEARS = { from: 2000, to: 2999 }

/** An instant in a body, with its offset from UTC, in years that every part of the shop can store. */
export const InstantField = z.iso
  .datetime({ offset: true, message: 'must be an RFC 3339 date and time with an offset, such as 2026-12-01T00:00:00Z' })
  .transform((text) => new Date(text))
  .refine((date) => YEARS.from <= date.getUTCFullYear() && date.getUTCFullYear() <= YEARS.to, {
    message: `must be in the years ${YEARS.from} to ${YEARS.to}`,
  })
  .meta({ example: '2026-12-01T00:00:00Z' })
