import { MAX_QUANTITY } from '@shop/contracts/quantities'
import { MetadataField, MetadataPatch } from '@shop/kernel/metadata'
import { Currency } from '@shop/kernel/money'
import { isStorable, line, text } from '@shop/kernel/text'
import { z } from 'zod'
import { key } from '../../attributes/routes/attribute-fields.ts'
import { CategoryId } from '../../categories/routes/category-fields.ts'
import { slug } from '../../slugs/routes/slug-field.ts'
import { PRODUCT_STATUSES, PRODUCT_TYPES } from '../domain/product.ts'
import { MAX_ATTRIBUTES } from '../domain/product-attributes.ts'
import { description, name, seo, seoPatch, translations, translationsPatch } from './text-fields.ts'

const category = z
  .string()
  .min(1)
  .normalize('NFC')
  .trim()
  .max(100)
  .refine(isStorable, 'must not contain NUL or unpaired surrogates')
  .nullable()
  .optional()
  .meta({
    description: 'Name of the primary category, whatever its case; made when there is none. Null takes it out of all',
    example: 'kitchen',
  })

const categoryIds = z
  .array(CategoryId)
  .max(50)
  .optional()
  .meta({ description: 'All its categories, the primary one first; after `category`, if that is there', example: [3] })

const imageUrl = text(1, 2_000)
  .refine((value) => /^https?:$/.test(URL.parse(value)?.protocol ?? ''), 'must be an http or https URL')
  .meta({ format: 'uri', example: 'https://images.example.com/aeropress.jpg' })

const maxPerOrder = z.int().min(1).max(MAX_QUANTITY).nullable().optional().meta({
  description: 'The most units that one order may have; null allows any number',
  example: 10,
})

export const status = z.enum(PRODUCT_STATUSES).meta({
  description: 'Only an active product is listed and sold. An archived one is kept for staff and for orders',
  example: 'active',
})

const brand = line(100).nullable().optional().meta({ example: 'Aeropress' })

const tags = z
  .array(line(100))
  .max(50)
  .refine((list) => new Set(list.map((tag) => tag.toLowerCase())).size === list.length, 'must not name a tag twice')
  .optional()
  .meta({ description: 'At most 50, different whatever their case', example: ['new'] })

const type = z.enum(PRODUCT_TYPES).optional().meta({ description: 'Default: physical', example: 'physical' })

const taxCategory = line(100).nullable().optional().meta({ description: 'For the rules of tax', example: 'books' })

const shippingClass = line(100)
  .nullable()
  .optional()
  .meta({ description: 'For the rules of shipping', example: 'bulky' })

const attributeValue = z.union([text(0, 500), z.number(), z.boolean(), z.array(line(100)).max(50)])
const ATTRIBUTES = {
  description: 'By key. Those that are declared have the declared type; see /api/attributes',
  example: { material: ['Steel'] },
}
const areFew = (attributes: object) => Object.keys(attributes).length <= MAX_ATTRIBUTES
const TOO_MANY = `must be at most ${MAX_ATTRIBUTES}`

/** Fields that have one form in all bodies. */
export const COMMON_FIELDS = {
  description: description.optional(),
  status: status.optional(),
  slug: slug.optional(),
  brand,
  tags,
  type,
  tax_category: taxCategory,
  shipping_class: shippingClass,
  currency: Currency.optional(),
  category,
  category_ids: categoryIds,
  image_url: imageUrl.nullable().optional(),
  max_per_order: maxPerOrder,
}

export const NEW_FIELDS = {
  name,
  attributes: z.record(key, attributeValue).refine(areFew, TOO_MANY).optional().meta(ATTRIBUTES),
  seo: seo.optional(),
  translations: translations.optional(),
  metadata: MetadataField.optional(),
}

/** Merge patches of the same. */
export const CHANGED_FIELDS = {
  name: name.optional(),
  attributes: z
    .record(key, attributeValue.nullable())
    .refine(areFew, TOO_MANY)
    .nullable()
    .optional()
    .meta({ ...ATTRIBUTES, description: 'Attributes to set; null removes one, or all of them. Others stay' }),
  seo: seoPatch.optional(),
  translations: translationsPatch.optional(),
  metadata: MetadataPatch.optional(),
}

type Common = z.output<z.ZodObject<typeof COMMON_FIELDS>>

/** The common fields by the names of the catalogue. */
export function toCommonFields(body: Common) {
  const { description, status, slug, brand, tags, type, currency, category } = body
  return {
    ...{ description, status, slug, brand, tags, type, currency, category },
    taxCategory: body.tax_category,
    shippingClass: body.shipping_class,
    categoryIds: body.category_ids,
    imageUrl: body.image_url,
    maxPerOrder: body.max_per_order,
  }
}
