import { withoutTrailingSlash } from './routing.ts'

export type RequestLimits = {
  bodyBytes: number
  /** For all of the body to arrive. */
  bodySeconds: number
  /** How long its work may take beyond what a request may. */
  additionalMs: number
}

/** The largest body needs 26 KiB a second, less than a slow mobile connection has. */
const USUAL: RequestLimits = { bodyBytes: 256 * 1024, bodySeconds: 10, additionalMs: 0 }

/** 500 variants with 8 KiB each, at 70 KiB a second. Up to 500 products are written one after the other, six at a time. */
const BULK: RequestLimits = { bodyBytes: 4 * 1024 * 1024, bodySeconds: 60, additionalMs: 24_500 }

/** All orders of a shop, read page by page. */
const EXPORT: RequestLimits = { ...USUAL, additionalMs: 50_000 }

const OTHERS: Record<string, RequestLimits> = {
  'POST /api/products/bulk': BULK,
  'GET /api/orders.csv': EXPORT,
  'GET /api/reports/sales.csv': EXPORT,
}

export function requestLimitsOf(method: string, path: string): RequestLimits {
  return OTHERS[`${method} ${withoutTrailingSlash(path)}`] ?? USUAL
}
