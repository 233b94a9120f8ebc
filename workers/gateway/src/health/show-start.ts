import { API_INFO } from '@shop/http/openapi-document'
import type { Context } from 'hono'
import type { GatewayContext } from '../deps.ts'

const LINKS = { docs: '/docs', redoc: '/redoc', openapi: '/openapi.json', health: '/health', ready: '/health/ready' }

const PAGE_POLICY = "default-src 'none'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** Names the API and its entry points: as a small page for a browser, as JSON otherwise. */
export function showStart(c: Context<GatewayContext>): Response {
  c.header('vary', 'Accept', { append: true })
  if (c.req.header('accept')?.includes('text/html')) {
    c.header('content-security-policy', PAGE_POLICY)
    return c.html(PAGE)
  }
  return c.json({
    name: API_INFO.title,
    version: API_INFO.version,
    description: API_INFO.description,
    links: LINKS,
  })
}

const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${API_INFO.title}</title>
<link rel="icon" href="/docs-assets/favicon-32x32.png">
<h1>${API_INFO.title}</h1>
<p>${API_INFO.description}</p>
<ul>
${Object.entries(LINKS)
  .map(([name, path]) => `<li><a href="${path}">${name}</a></li>`)
  .join('\n')}
</ul>
</html>
`
