import type { InvalidTranslations } from '@shop/contracts/catalog/failures'
import { fail, ok, type Result } from '@shop/kernel/result'
import { patchSeo, type Seo, type SeoPatch } from './seo.ts'

/** The texts of a product in one language; absent ones are shown in the default language. */
export type Translation = { name?: string; description?: string; seo?: Seo }

/** By locale. */
export type Translations = Readonly<Record<string, Translation>>

type TranslationPatch = {
  name?: string | null | undefined
  description?: string | null | undefined
  seo?: SeoPatch | undefined
} | null

/** A merge patch (RFC 7396): absent locales and texts stay, null removes one, or, instead of the object, all of them. */
export type TranslationsPatch = Readonly<Record<string, TranslationPatch>> | null

/**
 * Applies changes to the translations of a product. Only the locales of the changes are checked, so that a language which
 * the shop has given up does not hinder others. It can be removed.
 *
 * @param locales of the shop, the default one first
 */
export function patchTranslations(
  locales: readonly string[],
  current: Translations,
  changes: TranslationsPatch,
): Result<Translations, InvalidTranslations> {
  if (changes === null) return ok({})
  const [defaultLocale, ...others] = locales
  const errors = Object.entries(changes)
    .filter(([locale, patch]) => patch !== null && !others.includes(locale))
    .map(([locale]) => ({ field: `translations.${locale}`, message: refusalOf(locale, { defaultLocale, others }) }))
  if (errors.length > 0) return fail({ code: 'invalid_translations', errors })
  const kept = Object.entries(current).filter(([locale]) => !Object.hasOwn(changes, locale))
  const changed = Object.entries(changes).map(
    ([locale, patch]) => [locale, patch === null ? {} : patched(current[locale] ?? {}, patch)] as const,
  )
  return ok(Object.fromEntries([...kept, ...changed.filter(([, texts]) => Object.keys(texts).length > 0)]))
}

function refusalOf(
  locale: string,
  { defaultLocale, others }: { defaultLocale?: string | undefined; others: string[] },
) {
  if (locale === defaultLocale) return 'is the default language: the fields of the product itself are in it'
  return others.length === 0 ? 'the shop has one language' : `must be one of ${others.join(', ')}`
}

function patched(current: Translation, { name, description, seo }: NonNullable<TranslationPatch>): Translation {
  const merged = {
    name: name === undefined ? current.name : name,
    description: description === undefined ? current.description : description,
    seo: seo === undefined ? current.seo : patchSeo(current.seo ?? {}, seo),
  }
  return Object.fromEntries(
    Object.entries(merged).filter(
      ([, value]) =>
        value !== undefined && value !== null && (typeof value === 'string' || Object.keys(value).length > 0),
    ),
  )
}

type Texts = { name: string; description: string; seo: Seo; translations: Translations }

/** The product with its texts in a language, and in the default one where there is no translation. */
export function translated<P extends Texts>(product: P, locale: string | undefined): P {
  const hasIt = locale !== undefined && Object.hasOwn(product.translations, locale)
  const texts = hasIt ? product.translations[locale] : undefined
  if (texts === undefined) return product
  const { name = product.name, description = product.description, seo } = texts
  return { ...product, name, description, seo: { ...product.seo, ...seo } }
}
