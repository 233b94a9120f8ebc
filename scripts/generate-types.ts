import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { configOf, GATEWAY, WORKERS } from '@shop/services'

const run = promisify(execFile)

const CONFIGS = WORKERS.map((worker) => ({
  config: configOf(worker),
  types: `workers/${worker}/worker-configuration.d.ts`,
  envInterface: `${worker.charAt(0).toUpperCase()}${worker.slice(1)}Env`,
}))

/**
 * Writes the types of the runtime (one file) and of each worker's bindings. A worker's own config comes first. The others
 * are passed too, so that service bindings get the types of their entry points.
 */
export async function generateTypes(): Promise<void> {
  const runtime = run('wrangler', ['types', 'worker-configuration.d.ts', '-c', GATEWAY.config, '--include-env=false'])
  const environments = CONFIGS.map((worker) => {
    const others = CONFIGS.filter((other) => other !== worker).flatMap((other) => ['-c', other.config])
    const options = ['--include-runtime=false', '--strict-vars=false', '--env-interface', worker.envInterface]
    return run('wrangler', ['types', worker.types, '-c', worker.config, ...others, ...options])
  })
  await Promise.all([runtime, ...environments])
}

if (import.meta.main) await generateTypes()
