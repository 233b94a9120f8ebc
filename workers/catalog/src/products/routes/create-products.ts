import { scope } from '@shop/http/access'
import { validationFailed } from '@shop/http/field-errors'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { type Failure, PROBLEMS, ProblemView, toProblem } from '@shop/http/problems'
import type { Caller } from '@shop/kernel/caller'
import type { Created } from '@shop/kernel/create-once'
import { KeyHeader, REPLAYED_HEADER } from '@shop/kernel/idempotency'
import { fail, ok, type Result } from '@shop/kernel/result'
import { z } from 'zod'
import type { CatalogApp } from '../../deps.ts'
import { productInFirstCurrency } from '../../prices/domain/priced-product.ts'
import { type BulkItem, createProducts } from '../create-products.ts'
import type { Product } from '../domain/product.ts'
import { CreateProductBody, toProductDraft } from './create-product.ts'
import { ProductView, toProductView } from './product-view.ts'

/** In all products of a call together. */
const MAX_VARIANTS_OF_CALL = 500

/** Parsed one by one, so that one that is not valid fails by itself. */
const Item = z.unknown().meta({ $ref: '#/components/schemas/CreateProductRequest' })

const CreateProductsBody = z
  .strictObject({
    products: z
      .array(Item)
      .min(1)
      .max(MAX_VARIANTS_OF_CALL)
      .refine(
        (items) => variantCount(items) <= MAX_VARIANTS_OF_CALL,
        `must have at most ${MAX_VARIANTS_OF_CALL} variants`,
      )
      .meta({
        description: `Each as for createProduct; at most ${MAX_VARIANTS_OF_CALL} variants in all of them together`,
      }),
  })
  .meta({
    id: 'CreateProductsRequest',
    example: { products: [{ name: 'Aeropress coffee maker', price: 39.95, stock_quantity: 50, category: 'kitchen' }] },
  })

const index = z.int().meta({ description: 'Its place among the products of the request, from 0', example: 0 })

const BulkResult = z
  .union([
    z.strictObject({ index, status: z.literal(201), product: ProductView }),
    z.strictObject({
      index,
      status: z.int().meta({ description: 'What createProduct would answer', example: 422 }),
      problem: ProblemView,
    }),
  ])
  .meta({ id: 'BulkResult' })

const BulkResults = z
  .strictObject({
    results: z.array(BulkResult).meta({ description: 'One for each product, in order' }),
    created: z.int().meta({ example: 1 }),
    failed: z.int().meta({ example: 0 }),
  })
  .meta({ id: 'BulkResults' })

const route = createRoute({
  method: 'post',
  path: '/api/products/bulk',
  operationId: 'createProducts',
  tags: ['Products'],
  summary: 'Create many products (staff)',
  description:
    'Each product is created by itself: one that fails loses nothing of the others. With an Idempotency-Key each place in ' +
    'the list creates one product, so that a repeated call creates what failed before and nothing twice. At most 4 MiB.',
  access: scope('products:write'),
  request: { headers: z.object(KeyHeader), body: jsonBody(CreateProductsBody) },
  responses: {
    200: json('What became of each product', BulkResults),
    ...problems(...BODY_PROBLEMS),
  },
})

export function addCreateProducts(app: CatalogApp) {
  app.openapi(route, async (c) => {
    const caller = c.get('caller')
    const items = c.req.valid('json').products.map(toItem)
    const created = await createProducts(c.get('deps'), caller, items, c.req.valid('header')['idempotency-key'])
    if (!created.ok) return problem(c, created.failure)
    const shared = { caller, requestId: c.get('requestId'), now: c.get('deps').now() }
    const results = created.value.map((result, index) => toResultView(result, { ...shared, index }))
    const saved = created.value.flatMap((result) => (result.ok ? [result.value] : []))
    if (saved.length > 0 && saved.every(({ replayed }) => replayed)) c.header(REPLAYED_HEADER, 'true')
    return c.json({ results, created: saved.length, failed: results.length - saved.length }, 200)
  })
}

function toItem(body: unknown): BulkItem<ReturnType<typeof validationFailed>> {
  const parsed = CreateProductBody.safeParse(body)
  return parsed.success ? ok(toProductDraft(parsed.data)) : fail(validationFailed(parsed.error))
}

function toResultView(
  result: Result<Created<Product>, Failure>,
  { index, caller, requestId, now }: { index: number; caller: Caller; requestId: string; now: Date },
): z.input<typeof BulkResult> {
  if (result.ok)
    return { index, status: 201, product: toProductView(productInFirstCurrency(result.value.value, now), caller) }
  return { index, status: PROBLEMS[result.failure.code].status, problem: toProblem(result.failure, requestId) }
}

/** A product without a list of variants has one. */
function variantCount(items: readonly unknown[]): number {
  const counts = items.map((item) => {
    const { variants }: { variants?: unknown } = Object(item)
    return Array.isArray(variants) ? variants.length : 1
  })
  return counts.reduce((sum, count) => sum + count, 0)
}
