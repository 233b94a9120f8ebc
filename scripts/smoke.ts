import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'

type Check = { path: string; shape: z.ZodType }

/** Calls that need no account: health, readiness, API description, and a list that reads the database. */
const CHECKS: Check[] = [
  { path: '/health', shape: z.object({ status: z.literal('ok') }) },
  { path: '/health/ready', shape: z.object({ status: z.enum(['ready', 'degraded']) }) },
  { path: '/openapi.json', shape: z.object({ openapi: z.string().startsWith('3.1') }) },
  { path: '/api/products?limit=1', shape: z.object({ products: z.array(z.unknown()).max(1) }) },
]

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
  return results.filter((problem) => problem !== undefined)
}

async function tryCheck(check: Check, baseUrl: string, options: SmokeOptions): Promise<string | undefined> {
  const { attempts, pauseMs, timeoutMs } = options
  let problem: string | undefined
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    problem = await problemOf(check, baseUrl, timeoutMs)
    if (problem === undefined) break
    if (attempt < attempts) await sleep(pauseMs)
  }
  console.log(`${problem === undefined ? 'ok    ' : 'FAILED'} ${check.path}`)
  return problem
}

async function problemOf({ path, shape }: Check, baseUrl: string, timeoutMs: number): Promise<string | undefined> {
  try {
    const response = await fetch(new URL(path, baseUrl), {
      signal: AbortSignal.timeout(timeoutMs),
      redirect: 'manual',
      headers: { 'user-agent': 'shop-smoke-test' },
    })
    const body = await response.text()
    if (response.status !== 200) return `${path} answered ${response.status}: ${body.slice(0, 500)}`
    const { error } = shape.safeParse(JSON.parse(body))
    return error && `${path} answered 200, but ${z.prettifyError(error)} in ${body.slice(0, 200)}`
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? ` (${error.cause.message})` : ''
    return `${path}: ${error instanceof Error ? error.message : error}${cause}`
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
