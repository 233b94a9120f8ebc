import { answerError } from '@shop/http/answer-error'
import { methodNotAllowed, problem } from '@shop/http/problem'
import { type Handler, Hono } from 'hono'
import type { GatewayContext, GatewayDeps } from './deps.ts'
import { showApiDescription } from './docs/show-api-description.ts'
import { showDocs, showDocsAsset } from './docs/show-docs.ts'
import type { GatewayBindings } from './env.ts'
import { checkUrl } from './forwarding/check-url.ts'
import { withSingleSlashes } from './forwarding/domain/url.ts'
import { dropUnreadBody } from './forwarding/drop-unread-body.ts'
import { forward } from './forwarding/forward.ts'
import { showHealth } from './health/show-health.ts'
import { showReadiness } from './health/show-readiness.ts'
import { showStart } from './health/show-start.ts'
import { limitAddress } from './limits/limit-address.ts'
import { allowOrigins } from './responses/allow-origins.ts'
import { requireHttps } from './responses/require-https.ts'
import { securityHeaders } from './responses/security-headers.ts'
import { traceRequest } from './responses/trace-request.ts'

/** The whole public API: the gateway's own routes, and those of the workers behind it. */
export function gatewayApp(deps: (env: GatewayBindings) => GatewayDeps): Pick<Hono<GatewayContext>, 'fetch'> {
  const app = routes(deps)
  return {
    fetch: (request, ...rest) => {
      const url = withSingleSlashes(request.url)
      return app.fetch(url === request.url ? request : new Request(url, request), ...rest)
    },
  }
}

function routes(deps: (env: GatewayBindings) => GatewayDeps): Hono<GatewayContext> {
  const app = new Hono<GatewayContext>({ strict: false })
  app.use(dropUnreadBody, securityHeaders, traceRequest)
  app.use((c, next) => {
    c.set('deps', deps(c.env))
    return next()
  })
  // A page can read whatever is refused, and whatever is refused counts.
  app.use(allowOrigins, limitAddress, requireHttps, checkUrl)
  addOwn(app, '/', showStart)
  addOwn(app, '/health', showHealth)
  addOwn(app, '/health/ready', showReadiness)
  addOwn(app, '/openapi.json', showApiDescription)
  addOwn(app, '/docs', showDocs('/docs'))
  addOwn(app, '/redoc', showDocs('/redoc'))
  addOwn(app, '/docs-assets/*', showDocsAsset)
  app.all('*', forward)
  app.notFound((c) => problem(c, { code: 'route_not_found' }))
  app.onError((error, c) => answerError(error, c, 'upstream_unavailable'))
  return app
}

/** A read-only route: other methods get 405. */
function addOwn(app: Hono<GatewayContext>, path: string, handler: Handler<GatewayContext>): void {
  app.get(path, handler)
  app.all(path, (c) => methodNotAllowed(c, ['GET', 'HEAD']))
}
