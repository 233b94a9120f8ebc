import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Supervised, supervise } from '@shop/emulator-kit/supervise'
import { configOf, WORKERS } from '@shop/services'
import getPort from 'get-port'

const CONFIGS = WORKERS.map(configOf)

const START_SECONDS = 90
const ANSWER_MILLISECONDS = 5_000

/**
 * Starts all workers in `wrangler dev`, with the environment as their variables and secrets, and waits until the
 * gateway answers.
 */
export async function startWorkers(options: {
  root: string
  port: number
  stateDir: string
  environment: Record<string, string>
}): Promise<Supervised> {
  const { root, port, stateDir, environment } = options
  const args = [
    join(root, 'node_modules/wrangler/bin/wrangler.js'),
    'dev',
    ...CONFIGS.flatMap((config) => ['-c', config]),
    ...['--ip', '127.0.0.1', '--port', String(port), '--inspector-port', String(await getPort())],
    ...['--persist-to', stateDir, '--show-interactive-dev-session=false', '--log-level', 'warn'],
    // The gateway has no secrets, so its settings are passed as variables.
    ...['ENVIRONMENT', 'CORS_ORIGINS', 'STAFF_MFA'].flatMap((name) =>
      environment[name] === undefined ? [] : ['--var', `${name}:${environment[name]}`],
    ),
  ]
  const workers = await supervise(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...environment, WRANGLER_SEND_METRICS: 'false', CLOUDFLARE_CF_FETCH_ENABLED: 'false' },
    output: 'inherit',
  })
  await answers(`http://127.0.0.1:${port}/health`, workers)
  return workers
}

async function answers(url: string, workers: Supervised): Promise<void> {
  const ended = workers.exited.then(() => 'ended' as const)
  const deadline = Date.now() + START_SECONDS * 1_000
  while (Date.now() < deadline) {
    // wrangler holds requests back while a worker does not build.
    const health = fetch(url, { signal: AbortSignal.timeout(ANSWER_MILLISECONDS) }).then(
      (response) => response.ok,
      () => false,
    )
    const state = await Promise.race([ended, health])
    if (state === 'ended') throw new Error("The workers did not start. See wrangler's error above.")
    if (state) return
    await sleep(50)
  }
  throw new Error(
    `The workers did not answer within ${START_SECONDS} s. If wrangler shows an error above, fix it and start again.`,
  )
}

/** Fires the gateway's cron, which sweeps every worker; `wrangler dev` does not do so by itself. */
export async function fireCron(port: number): Promise<boolean> {
  const response = await fetch(`http://127.0.0.1:${port}/cdn-cgi/handler/scheduled`).catch(() => undefined)
  await response?.arrayBuffer()
  return response?.ok ?? false
}
