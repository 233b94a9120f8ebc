import type { Context } from 'hono'
import type { GatewayContext } from '../deps.ts'

const OWN_FILES_ONLY =
  "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self' data:; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** What each page needs, and no more. Scripts come from this origin only. */
const POLICIES = {
  '/docs': `${OWN_FILES_ONLY}; style-src 'self'`,
  // Redoc writes its styles as it renders, and searches in a worker made from a blob.
  '/redoc': `${OWN_FILES_ONLY}; style-src 'unsafe-inline'; worker-src blob:`,
} as const

/** Serves one of the two pages that show the API description. */
export function showDocs(page: keyof typeof POLICIES) {
  return async (c: Context<GatewayContext>): Promise<Response> => {
    const response = await asset(c, page)
    response.headers.set('content-security-policy', POLICIES[page])
    return response
  }
}

/** Serves the scripts and styles of those pages. */
export async function showDocsAsset(c: Context<GatewayContext>): Promise<Response> {
  const response = await asset(c, new URL(c.req.url).pathname)
  return response.status === 404 ? c.notFound() : response
}

async function asset(c: Context<GatewayContext>, path: string): Promise<Response> {
  const request = new Request(new URL(path, c.req.url), { method: c.req.method, headers: c.req.raw.headers })
  const found = await c.env.ASSETS.fetch(request)
  return new Response(found.body, found)
}
