import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs, parseEnv } from 'node:util'
import { CAPTURE_METHODS } from '@shop/contracts/payments/states'
import { Origins } from '@shop/http/origins'
import { orHelp } from '../arguments.ts'

export type Ports = {
  gateway: number
  neon: number
  stripe: number
  upstash: number
  mail: number
  /** undefined: the default port, or a free one if that is in use. */
  status: number | undefined
}

export type DevOptions = {
  /** Delete the data of earlier runs in .local. */
  reset: boolean
  /** 'pglite', 'embedded' or a postgres:// URL. */
  engine: string
  /** A redis:// URL, or undefined for this process's memory. */
  redisUrl: string | undefined
  ports: Ports
  localDir: string
  /** Settings of the workers, from the environment. */
  settings: Record<string, string>
  /** What .dev.vars sets: keys of real services that replace emulators, or other settings of the workers. */
  devVars: Record<string, string>
}

const HELP = `npm run dev [-- --reset]

  --reset   delete the local database, stock, payments and keys first

  Settings, from the environment:
  PORT=8080           the API
  NEON_PORT=9541      the Neon emulator
  STRIPE_PORT=9542    the Stripe emulator
  UPSTASH_PORT=9543   the Upstash emulator
  MAIL_PORT=9544      the mails that the shop sends
  STATUS_PORT=8081    the status page; a free port if another program uses this one
  LOCAL_PG=pglite     or embedded (PostgreSQL 18), or a postgres:// URL
  REDIS_URL=          a redis:// server instead of this process's memory
  LOCAL_DIR=.local    the folder with all local data
  DEV_VARS=.dev.vars  the file with keys of real services
  MAIL_DRIVER=resend  or cloudflare: what the workers send mails by; or none
  STOREFRONT_URL=, ADMIN_URL=   where the links of mails lead
  PAYMENT_CAPTURE=automatic   or manual: authorize when a customer pays, capture all with the first shipment; or
                      per_shipment: capture with each shipment what it is worth
  CORS_ORIGINS=       origins of other machines whose pages may call the API, separated by commas; pages of
                      http://localhost and http://127.0.0.1 may, on every port
  CHECKOUT_REQUIRES=  or address, or address,shipping: what an order with something to ship needs
  TAX_ROUNDING=line   or order: tax is rounded on each line, or on all lines with the same taxes together
  CART_ABANDONED_SECONDS=3600  after how long a cart is announced as abandoned
  HOLD_SECONDS=900    lifetime of an unpaid order; HOLD_GRACE_SECONDS=300 how much longer its stock stays held
  GUEST_HOLD_SECONDS=600  the same for the order of a guest
  GUEST_MAX_OPEN_ORDERS=3, GUEST_MAX_HELD_UNITS=100, CUSTOMER_MAX_OPEN_ORDERS=10, CUSTOMER_MAX_HELD_UNITS=1000,
  ADDRESS_MAX_HELD_UNITS=500  what one buyer, and all new buyers at one address, may hold unpaid

  Keys in .dev.vars (see scripts/dev/README.md) use the real service instead of its emulator.`

const SETTINGS = [
  ...['CHECKOUT_REQUIRES', 'TAX_ROUNDING', 'CART_ABANDONED_SECONDS'],
  'HOLD_SECONDS',
  'HOLD_GRACE_SECONDS',
  'GUEST_HOLD_SECONDS',
  'GUEST_MAX_OPEN_ORDERS',
  'GUEST_MAX_HELD_UNITS',
  'CUSTOMER_MAX_OPEN_ORDERS',
  'CUSTOMER_MAX_HELD_UNITS',
  'ADDRESS_MAX_HELD_UNITS',
  'ATTEMPT_SECONDS',
  'PAYMENT_CHECK_SECONDS',
  'PAYMENT_CAPTURE',
  'CORS_ORIGINS',
  ...['MAIL_DRIVER', 'STOREFRONT_URL', 'ADMIN_URL'],
]

/** Settings that have one of a few values, or none. */
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  PAYMENT_CAPTURE: CAPTURE_METHODS,
  CHECKOUT_REQUIRES: ['address', 'address,shipping'],
  TAX_ROUNDING: ['line', 'order'],
  MAIL_DRIVER: ['resend', 'cloudflare', 'none'],
}

/** @throws Error that says how to fix an invalid flag or setting */
export function readOptions(root: string, argv: string[], env: NodeJS.ProcessEnv): DevOptions {
  const { values } = orHelp(HELP, () =>
    parseArgs({ args: argv, options: { reset: { type: 'boolean', default: false } } }),
  )
  const path = resolve(root, env.DEV_VARS || '.dev.vars')
  const devVars = existsSync(path) ? parseEnv(readFileSync(path, 'utf8')) : {}
  return {
    reset: values.reset,
    engine: env.LOCAL_PG || 'pglite',
    redisUrl: env.REDIS_URL || undefined,
    ports: {
      gateway: portOf(env, 'PORT', 8080),
      neon: portOf(env, 'NEON_PORT', 9541),
      stripe: portOf(env, 'STRIPE_PORT', 9542),
      upstash: portOf(env, 'UPSTASH_PORT', 9543),
      mail: portOf(env, 'MAIL_PORT', 9544),
      status: env.STATUS_PORT ? portOf(env, 'STATUS_PORT', 0) : undefined,
    },
    localDir: env.LOCAL_DIR || '.local',
    settings: settingsOf(env),
    devVars: filled(devVars),
  }
}

/** Checked here, because a worker with an invalid setting only answers 503. */
function settingsOf(env: NodeJS.ProcessEnv): Record<string, string> {
  const settings = filled(Object.fromEntries(SETTINGS.map((name) => [name, env[name]])))
  for (const [name, value] of Object.entries(settings)) {
    if (name.endsWith('_SECONDS') && !/^\d{1,7}$/.test(value)) {
      throw new Error(`${name} must be a whole number of seconds, not "${value}"`)
    }
    if (name.includes('_MAX_') && !/^[1-9]\d{0,8}$/.test(value)) {
      throw new Error(`${name} must be a whole number above 0, not "${value}"`)
    }
  }
  for (const [name, choices] of Object.entries(CHOICES)) {
    const value = settings[name]
    if (value === undefined || choices.includes(value)) continue
    throw new Error(`${name} must be ${choices.join(' or ')}, not "${value}"`)
  }
  const [issue] = Origins.safeParse(settings.CORS_ORIGINS ?? '').error?.issues ?? []
  if (issue !== undefined) throw new Error(`CORS_ORIGINS: ${issue.message}`)
  return settings
}

function filled(variables: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).flatMap(([name, value]) => (value ? [[name, value]] : [])))
}

function portOf(env: NodeJS.ProcessEnv, name: string, otherwise: number): number {
  const port = Number(env[name] ?? otherwise)
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port
  throw new Error(`${name} must be a port from 1 to 65535, not "${env[name]}"`)
}
