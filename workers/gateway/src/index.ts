import { gatewayApp } from './app.ts'
import { gatewayDeps } from './deps.ts'
import { sweepServices } from './sweep.ts'

const app = gatewayApp(gatewayDeps)

export default {
  fetch: (request, env, ctx) => app.fetch(request, env, ctx),
  scheduled: (_, env) => sweepServices(gatewayDeps(env)),
} satisfies ExportedHandler<GatewayEnv>
