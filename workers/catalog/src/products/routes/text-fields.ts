import { line, text } from '@shop/kernel/text'
import { z } from 'zod'

export const name = text(1, 200)
  .refine((value) => value.trim() !== '', 'must not be blank')
  .meta({ example: 'Aeropress coffee maker' })

export const description = text(0, 10_000).meta({ example: 'Brews one to three cups.' })

const seoText = { title: line(200), description: text(1, 500) }
const SEO = { description: 'What search engines show', example: { title: 'Aeropress' } }

export const seo = z
  .strictObject({ title: seoText.title.optional(), description: seoText.description.optional() })
  .meta(SEO)

/** A merge patch of it. */
export const seoPatch = z
  .strictObject({ title: seoText.title.nullish(), description: seoText.description.nullish() })
  .nullable()
  .meta(SEO)

const TRANSLATIONS = {
  description:
    'Texts in the other languages of the shop, by locale; /api/shop has its `locales`, the default one first',
  example: { de: { name: 'Aeropress-Kaffeebereiter' } },
}

/** Its form; whether the shop has it is checked with the product. */
const locale = z.string().min(2).max(35)

export const translations = z
  .record(locale, z.strictObject({ name: name.optional(), description: description.optional(), seo: seo.optional() }))
  .meta(TRANSLATIONS)

/** A merge patch of them. */
export const translationsPatch = z
  .record(
    locale,
    z.strictObject({ name: name.nullish(), description: description.nullish(), seo: seoPatch.optional() }).nullable(),
  )
  .nullable()
  .meta({
    ...TRANSLATIONS,
    description: `${TRANSLATIONS.description}. Null removes a text, a language, or all of them`,
  })
