import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'

type Check = {
  path: string
  shape: z.ZodType
  /** A check that this one's answer leads to. */
  next?: (body: unknown) => Check | undefined
}

const Product = z.looseObject({ id: z.int(), variants: z.array(z.looseObject({ id: z.int() })).optional() })
const productList = z.object({ products: z.array(Product).max(1) })

/**
 * Calls that need no account: health, readiness, API description, a list that reads the database, and the stock of its
 * first product, which is read from its Durable Object.
 */
const CHECKS: Check[] = [
  { path: '/health', shape: z.object({ status: z.literal('ok') }) },
  { path: '/health/ready', shape: z.object({ status: z.enum(['ready', 'degraded']) }) },
  { path: '/openapi.json', shape: z.object({ openapi: z.string().startsWith('3.1') }) },
  { path: '/api/products?limit=1', shape: productList, next: inventoryOf },
]

function inventoryOf(body: unknown): Check | undefined {
  const [product] = productList.parse(body).products
  const shape = z.object({ inventory: z.object({ product_id: z.literal(product?.id), available: z.int() }) })
  const variant = product?.variants?.[0]
  const path = variant === undefined ? `/api/inventory/${product?.id}` : `/api/variants/${variant.id}/inventory`
  return product && { path, shape }
}

type SmokeOptions = {
  /** A deployment takes time to reach every location, and a new domain to get its certificate. */
  attempts: number
  pauseMs: number
  timeoutMs: number
}

/**
 * Checks a deployed shop by public calls.
 *
 * @returns the problems after the last attempt; none when the shop is up
 */
export async function smoke(baseUrl: string, options: SmokeOptions): Promise<string[]> {
  const results = await Promise.all(CHECKS.map((check) => tryCheck(check, baseUrl, options)))
  return results.flat()
}

/** @returns the problem of the check, or of the one that it leads to */
async function tryCheck(check: Check, baseUrl: string, options: SmokeOptions): Promise<string[]> {
  const { attempts, pauseMs, timeoutMs } = options
  let outcome: Outcome = { problem: 'not tried' }
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    outcome = await outcomeOf(check, baseUrl, timeoutMs)
    if ('body' in outcome) break
    if (attempt < attempts) await sleep(pauseMs)
  }
  console.log(`${'body' in outcome ? 'ok    ' : 'FAILED'} ${check.path}`)
  if (!('body' in outcome)) return [outcome.problem]
  const next = check.next?.(outcome.body)
  return next === undefined ? [] : tryCheck(next, baseUrl, options)
}

type Outcome = { body: unknown } | { problem: string }

async function outcomeOf({ path, shape }: Check, baseUrl: string, timeoutMs: number): Promise<Outcome> {
  try {
    const response = await fetch(new URL(path, baseUrl), {
      signal: AbortSignal.timeout(timeoutMs),
      redirect: 'manual',
      headers: { 'user-agent': 'shop-smoke-test' },
    })
    const body = await response.text()
    if (response.status !== 200) return { problem: `${path} answered ${response.status}: ${body.slice(0, 500)}` }
    const { data, error } = shape.safeParse(JSON.parse(body))
    if (error === undefined) return { body: data }
    return { problem: `${path} answered 200, but ${z.prettifyError(error)} in ${body.slice(0, 200)}` }
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? ` (${error.cause.message})` : ''
    return { problem: `${path}: ${error instanceof Error ? error.message : error}${cause}` }
  }
}

if (import.meta.main) {
  const baseUrl = process.argv[2] ?? process.env.SHOP_URL
  if (baseUrl === undefined || !URL.canParse(baseUrl)) {
    console.error('Pass the URL of the shop: npm run smoke -- https://shop.example.com, or set SHOP_URL')
    process.exit(1)
  }
  const problems = await smoke(baseUrl, { attempts: 20, pauseMs: 3_000, timeoutMs: 10_000 })
  for (const problem of problems) console.error(`\n${problem}`)
  process.exitCode = problems.length === 0 ? 0 : 1
}
