import { withInvocation } from '@shop/http/invocation'
import { gatewayApp } from './app.ts'
import { gatewayDeps } from './deps.ts'
import { sweepServices } from './sweep.ts'

const app = gatewayApp(gatewayDeps)

export default {
  fetch: (request, env, ctx) => app.fetch(request, env, ctx),
  scheduled: (_, env) => withInvocation({ calls: 0 }, () => sweepServices(gatewayDeps(env))),
} satisfies ExportedHandler<GatewayEnv>
