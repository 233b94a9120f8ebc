import { isUnavailable } from '@shop/http/errors'
import { log } from '@shop/http/log'
import { problem } from '@shop/http/problem'
import { type Handler, Hono } from 'hono'
import type { GatewayContext, GatewayDeps } from './context.ts'
import { allowOrigins } from './middleware/allow-origins.ts'
import { limitAddress } from './middleware/limit-address.ts'
import { securityHeaders } from './middleware/security-headers.ts'
import { traceRequest } from './middleware/trace-request.ts'
import { forward } from './routes/forward.ts'
import { showApiDescription } from './routes/show-api-description.ts'
import { showDocs, showDocsAsset } from './routes/show-docs.ts'
import { showReadiness } from './routes/show-readiness.ts'
import { showStart } from './routes/show-start.ts'

/** Everything the public sees: the gateway's own routes, and the workers' behind it. */
export function gatewayApp(deps: GatewayDeps): Hono<GatewayContext> {
  const app = new Hono<GatewayContext>({ strict: false })
  app.use(securityHeaders, traceRequest, allowOrigins, limitAddress)
  addOwn(app, '/', showStart)
  addOwn(app, '/health', (c) => c.json({ status: 'ok' }, 200, { 'cache-control': 'no-store' }))
  addOwn(app, '/health/ready', showReadiness)
  addOwn(app, '/openapi.json', showApiDescription)
  addOwn(app, '/docs', showDocs('/docs'))
  addOwn(app, '/redoc', showDocs('/redoc'))
  addOwn(app, '/docs-assets/*', showDocsAsset)
  app.all('*', (c) => forward(c, deps))
  app.notFound((c) => problem(c, { code: 'route_not_found' }))
  app.onError((error, c) => {
    const unavailable = isUnavailable(error)
    log('error', unavailable ? 'upstream_unavailable' : 'unexpected_error', {
      method: c.req.method,
      path: c.req.path,
      error,
    })
    return problem(c, { code: unavailable ? 'service_unavailable' : 'internal_error' })
  })
  return app
}

/** A route that is only read; any other method is told so. */
function addOwn(app: Hono<GatewayContext>, path: string, handler: Handler<GatewayContext>): void {
  app.get(path, handler)
  app.all(path, (c) => {
    const response = problem(c, { code: 'method_not_allowed' })
    response.headers.set('allow', 'GET, HEAD')
    return response
  })
}
