import { scope } from '@shop/http/access'
import { versioned } from '@shop/http/conditional'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { KeyHeader, REPLAYED_HEADER } from '@shop/kernel/idempotency'
import { Amount } from '@shop/kernel/money'
import { z } from 'zod'
import type { CatalogApp } from '../../deps.ts'
import { productInFirstCurrency } from '../../prices/domain/priced-product.ts'
import { pricesField, toPriceDrafts } from '../../prices/routes/price-fields.ts'
import { MAX_VARIANTS } from '../../variants/domain/variant.ts'
import { productOptions, toVariantDraft, VariantBody } from '../../variants/routes/variant-fields.ts'
import { createProduct } from '../create-product.ts'
import type { ProductDraft } from '../domain/new-product.ts'
import { COMMON_FIELDS, NEW_FIELDS, toCommonFields } from './product-fields.ts'
import { ProductWithMessage, toProductView } from './product-view.ts'
import { lowStockThreshold, stockQuantity } from './stock-fields.ts'

const OF_ONE = 'For a product without `variants`'

export const CreateProductBody = z
  .strictObject({
    ...NEW_FIELDS,
    ...COMMON_FIELDS,
    price: Amount.optional().meta({ description: `${OF_ONE}, which needs it: decimal number in major units` }),
    prices: pricesField.optional(),
    stock_quantity: stockQuantity
      .optional()
      .meta({ description: `${OF_ONE}: opening stock; 0 when omitted`, example: 50 }),
    low_stock_threshold: lowStockThreshold,
    options: productOptions.optional(),
    variants: z.array(VariantBody).min(1).max(MAX_VARIANTS).optional().meta({
      description: 'Each with one of the declared values for each option. Without options: as the variants have them',
    }),
  })
  .meta({
    id: 'CreateProductRequest',
    description: 'With its variants, or with the price and the stock of its only one',
    example: { name: 'Aeropress coffee maker', price: 39.95, stock_quantity: 50, category: 'kitchen' },
  })

const route = createRoute({
  method: 'post',
  path: '/api/products',
  operationId: 'createProduct',
  tags: ['Products'],
  summary: 'Create a product with its opening stock (staff)',
  access: scope('products:write'),
  request: { headers: z.object(KeyHeader), body: jsonBody(CreateProductBody) },
  responses: {
    201: json('The created product', ProductWithMessage),
    ...problems(
      ...BODY_PROBLEMS,
      'invalid_amount',
      'invalid_prices',
      'invalid_variants',
      'invalid_attributes',
      'invalid_translations',
      'category_not_found',
      'sku_taken',
      'slug_taken',
      'idempotency_key_reused',
      'created_and_deleted',
    ),
  },
})

export function addCreateProduct(app: CatalogApp) {
  app.openapi(route, async (c) => {
    const caller = c.get('caller')
    const key = c.req.valid('header')['idempotency-key']
    const result = await createProduct(c.get('deps'), caller, toProductDraft(c.req.valid('json')), key)
    if (!result.ok) return problem(c, result.failure)
    const { value, replayed } = result.value
    versioned(c, value.version)
    if (replayed) c.header(REPLAYED_HEADER, 'true')
    return c.json(
      {
        product: toProductView(productInFirstCurrency(value, c.get('deps').now()), caller),
        message: 'Product created',
      },
      201,
    )
  })
}

export function toProductDraft(body: z.output<typeof CreateProductBody>): ProductDraft {
  const { name, attributes, seo, translations, metadata, options, price } = body
  return {
    ...toCommonFields(body),
    ...{ name, attributes, seo, metadata, options, price },
    translations,
    prices: toPriceDrafts(body.prices),
    openingStock: body.stock_quantity,
    lowStockThreshold: body.low_stock_threshold,
    variants: body.variants?.map(toVariantDraft),
  }
}
