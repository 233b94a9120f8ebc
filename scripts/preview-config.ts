import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { configOf, GATEWAY, WORKERS } from '@shop/services'
import { parse, stringify } from 'smol-toml'
import { z } from 'zod'
import { ROOT } from './deploy/configs.ts'

/**
 * Everything that a configuration may contain; anything else is refused. A new kind of binding must be added here, with
 * how a preview separates it from production's.
 */
const configSchema = z.strictObject({
  name: z.string(),
  main: z.string(),
  compatibility_date: z.string(),
  compatibility_flags: z.array(z.string()).optional(),
  minify: z.boolean().optional(),
  workers_dev: z.boolean().optional(),
  preview_urls: z.boolean().optional(),
  route: z.unknown().optional(),
  routes: z.unknown().optional(),
  vars: z.record(z.string(), z.string()).optional(),
  secrets: z.strictObject({ required: z.array(z.string()) }).optional(),
  assets: z.looseObject({ directory: z.string() }).optional(),
  triggers: z.strictObject({ crons: z.array(z.string()) }).optional(),
  services: z.array(z.looseObject({ service: z.string() })).optional(),
  queues: z
    .strictObject({
      producers: z.array(z.looseObject({ queue: z.string() })).optional(),
      consumers: z.array(z.looseObject({ queue: z.string() })).optional(),
    })
    .optional(),
  durable_objects: z
    .strictObject({
      code_update_strategy: z.strictObject({ mode: z.literal('immediate') }).optional(),
      bindings: z.array(
        z.strictObject({ name: z.string(), class_name: z.string(), script_name: z.string().optional() }),
      ),
    })
    .optional(),
  rules: z.array(z.strictObject({ type: z.string(), globs: z.array(z.string()), fallthrough: z.boolean() })).optional(),
  migrations: z.array(z.looseObject({ tag: z.string() })).optional(),
  ratelimits: z.array(z.looseObject({ namespace_id: z.string() })).optional(),
  // Never used: a preview sends no mail.
  send_email: z.array(z.strictObject({ name: z.string() })).optional(),
  placement: z.looseObject({}).optional(),
  observability: z.looseObject({}).optional(),
})
type Config = z.infer<typeof configSchema>

export type Preview = {
  pullRequest: number
  /** The account's workers.dev subdomain. */
  subdomain: string
}

/** Hourly: each sweep wakes the database, which costs money. */
const CRON = '0 * * * *'

const renamed = (name: string, { pullRequest }: Preview) => name.replace(/^shop-/, `shop-pr-${pullRequest}-`)

export const previewUrl = (preview: Preview): string =>
  `https://${renamed(GATEWAY.worker, preview)}.${preview.subdomain}.workers.dev`

/**
 * The configuration of a worker for one pull request. Cloudflare's own previews do not work here: their service bindings
 * lead to production, and they run neither crons nor queue consumers.
 *
 * @param moved a path of the configuration, seen from where the preview's will be
 */
function previewConfig(config: Config, preview: Preview, moved: (path: string) => string): Config {
  const { route: _route, routes: _routes, ...kept } = config
  const named = (name: string) => renamed(name, preview)
  const queued = <Binding extends { queue: string }>(bindings: Binding[] = []) =>
    bindings.map((binding) => ({ ...binding, queue: named(binding.queue) }))
  const isGateway = config.name === GATEWAY.worker
  return {
    ...kept,
    name: named(config.name),
    main: moved(config.main),
    workers_dev: isGateway,
    preview_urls: false,
    ...(config.vars && { vars: previewVars(config.vars, preview) }),
    ...(config.assets && { assets: { ...config.assets, directory: moved(config.assets.directory) } }),
    ...(config.triggers && { triggers: { crons: [CRON] } }),
    ...(config.services && {
      services: config.services.map((binding) => ({ ...binding, service: named(binding.service) })),
    }),
    ...(config.durable_objects && {
      durable_objects: {
        ...config.durable_objects,
        bindings: config.durable_objects.bindings.map(({ script_name: other, ...binding }) =>
          other === undefined ? binding : { ...binding, script_name: named(other) },
        ),
      },
    }),
    ...(config.queues && {
      queues: { producers: queued(config.queues.producers), consumers: queued(config.queues.consumers) },
    }),
    // Counters of one namespace are shared in the whole account.
    ...(config.ratelimits && {
      ratelimits: config.ratelimits.map((limit) => ({
        ...limit,
        namespace_id: `${preview.pullRequest}${limit.namespace_id}`,
      })),
    }),
  }
}

/**
 * A preview issues its own tokens, has its own passkeys, sends no mail, and uses neither production's Redis nor its Stripe
 * Tax.
 */
function previewVars(vars: Record<string, string>, preview: Preview): Record<string, string> {
  const own: Record<string, string> = {
    TOKEN_ISSUER: previewUrl(preview),
    RP_ID: new URL(previewUrl(preview)).hostname,
    RP_ORIGINS: previewUrl(preview),
    UPSTASH_REDIS_REST_URL: '',
    TAX_PROVIDER: 'rates',
    MAIL_DRIVER: 'none',
  }
  return Object.fromEntries(Object.entries(vars).map(([name, value]) => [name, own[name] ?? value]))
}

/**
 * Writes the configurations of a preview into a folder, and deletes everything else in it.
 *
 * @throws Error when a configuration has a setting that is not known to be safe in a preview
 */
export async function writePreviewConfigs(preview: Preview, folder: string): Promise<void> {
  const target = resolve(ROOT, folder)
  await rm(target, { recursive: true, force: true })
  await mkdir(target, { recursive: true })
  for (const worker of WORKERS) {
    const path = join(ROOT, configOf(worker))
    const parsed = configSchema.safeParse(parse(await readFile(path, 'utf8')))
    if (!parsed.success) throw new Error(`${configOf(worker)}: ${z.prettifyError(parsed.error)}`)
    const config = previewConfig(parsed.data, preview, (to) => relative(target, resolve(dirname(path), to)))
    await writeFile(join(target, `${worker}.toml`), stringify(config))
  }
}

export function readPreview(argument: string | undefined, env: NodeJS.ProcessEnv): Preview {
  const pullRequest = Number(argument)
  if (!Number.isInteger(pullRequest) || pullRequest < 1) throw new Error('Pass the number of the pull request')
  const subdomain = env.WORKERS_SUBDOMAIN
  if (!subdomain || !/^[a-z0-9-]+$/.test(subdomain)) {
    throw new Error('WORKERS_SUBDOMAIN must be the <subdomain> in <worker>.<subdomain>.workers.dev')
  }
  return { pullRequest, subdomain }
}

export const PREVIEW_CONFIGS = '.local/preview'

if (import.meta.main) {
  const { positionals } = parseArgs({ allowPositionals: true })
  try {
    const preview = readPreview(positionals[0], process.env)
    await writePreviewConfigs(preview, PREVIEW_CONFIGS)
    console.log(previewUrl(preview))
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
