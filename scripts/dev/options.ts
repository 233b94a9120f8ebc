import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs, parseEnv } from 'node:util'

export type DevOptions = {
  /** Throw away what earlier runs left in .local. */
  reset: boolean
  /** 'pglite', 'embedded' or a postgres:// URL. */
  engine: string
  ports: { gateway: number; neon: number; stripe: number; upstash: number }
  /** What .dev.vars sets: real keys in place of the local cloud, or other settings of the workers. */
  devVars: Record<string, string>
}

const HELP = `npm run dev [-- --reset]

  --reset   start afresh: throw away the local database, stock, payments and keys

  Settings, from the environment:
  PORT=8080           the API
  NEON_PORT=9541      the local database endpoint
  STRIPE_PORT=9542    the local Stripe
  UPSTASH_PORT=9543   the local Redis endpoint
  LOCAL_PG=pglite     or embedded (PostgreSQL 18), or a postgres:// URL
  REDIS_URL=          a redis:// server in place of this process's memory
  LOCAL_DIR=.local    where all of it is kept
  HOLD_SECONDS=900    how long an unpaid order lives; HOLD_GRACE_SECONDS=300 how much longer its stock is held

  Keys in .dev.vars (see README.md) switch a part of the local cloud to the real service.`

/** @throws Error that says what to mend when a flag or a setting is not understood */
export function readOptions(root: string, argv: string[], env: NodeJS.ProcessEnv): DevOptions {
  const { values } = parseArgs({
    args: argv,
    options: { reset: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  })
  if (values.help) {
    console.log(HELP)
    process.exit(0)
  }
  const path = join(root, '.dev.vars')
  const fromFile = existsSync(path) ? parseEnv(readFileSync(path, 'utf8')) : {}
  return {
    reset: values.reset,
    engine: env.LOCAL_PG ?? 'pglite',
    ports: {
      gateway: portOf(env, 'PORT', 8080),
      neon: portOf(env, 'NEON_PORT', 9541),
      stripe: portOf(env, 'STRIPE_PORT', 9542),
      upstash: portOf(env, 'UPSTASH_PORT', 9543),
    },
    devVars: Object.fromEntries(Object.entries(fromFile).flatMap(([name, value]) => (value ? [[name, value]] : []))),
  }
}

function portOf(env: NodeJS.ProcessEnv, name: string, otherwise: number): number {
  const port = Number(env[name] ?? otherwise)
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port
  throw new Error(`${name} must be a port from 1 to 65535, not "${env[name]}"`)
}
