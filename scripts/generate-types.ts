import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

const WORKERS = ['users', 'catalog', 'orders', 'payments'].map((name) => ({
  config: `workers/${name}/wrangler.toml`,
  types: `workers/${name}/worker-configuration.d.ts`,
  envInterface: `${name.charAt(0).toUpperCase()}${name.slice(1)}Env`,
}))
const GATEWAY = {
  config: 'wrangler.toml',
  types: 'workers/gateway/worker-configuration.d.ts',
  envInterface: 'GatewayEnv',
}

/**
 * Writes the types of the runtime (one file) and of each worker's bindings. A worker's own config comes first. The others
 * are passed too, so that service bindings get the types of their entry points.
 */
export async function generateTypes(): Promise<void> {
  const runtime = run('wrangler', ['types', 'worker-configuration.d.ts', '-c', GATEWAY.config, '--include-env=false'])
  const all = [GATEWAY, ...WORKERS]
  const environments = all.map((worker) => {
    const others = all.filter((other) => other !== worker).flatMap((other) => ['-c', other.config])
    const options = ['--include-runtime=false', '--strict-vars=false', '--env-interface', worker.envInterface]
    return run('wrangler', ['types', worker.types, '-c', worker.config, ...others, ...options])
  })
  await Promise.all([runtime, ...environments])
}

if (import.meta.main) await generateTypes()
