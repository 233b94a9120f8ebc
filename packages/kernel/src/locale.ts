import { z } from 'zod'
import { filterText } from './text.ts'

/** Locales of a shop, as BCP 47 tags: the default one first. */
export type Locales = readonly [string, ...string[]]

/** Whether it has the form of a BCP 47 language tag, known or not. */
export function isLanguageTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1
  } catch {
    return false
  }
}

/** A language that somebody reads, in the canonical form of its tag: `de-AT` for `de-at`. */
export const LocaleField = z
  .string()
  .min(2)
  .max(35)
  .refine(isLanguageTag, { error: 'must be a BCP 47 language tag, such as en or de-CH', abort: true })
  .overwrite((tag) => Intl.getCanonicalLocales(tag)[0] ?? tag)
  .meta({ description: 'Language of mails: a BCP 47 tag', example: 'en' })

export const LocaleParam = filterText(35)
  .pipe(z.string().refine(isLanguageTag, 'must be a BCP 47 language tag, such as en or de-CH').optional())
  .meta({
    type: 'string',
    description: 'Texts in this language, as far as there are translations. It comes before `Accept-Language`',
    example: 'de',
  })

/**
 * The locale of a shop that fits the languages that somebody wants, else the default one.
 *
 * A tag fits the locale that is equal to it, or to its beginning (RFC 4647, lookup: `de-AT` finds `de`), or that has the
 * same language (`de` finds `de-CH`).
 *
 * @param wanted tags in any case, the one that is preferred first
 */
export function localeOf(locales: Locales, wanted: readonly string[]): string {
  for (const tag of wanted) {
    const found = fitting(locales, tag.toLowerCase())
    if (found !== undefined) return found
  }
  return locales[0]
}

function fitting(locales: Locales, tag: string): string | undefined {
  const subtags = tag.split('-')
  for (let length = subtags.length; length > 0; length -= 1) {
    const beginning = subtags.slice(0, length).join('-')
    const found = locales.find((locale) => locale.toLowerCase() === beginning)
    if (found !== undefined) return found
  }
  return locales.find((locale) => locale.toLowerCase().split('-')[0] === subtags[0])
}
