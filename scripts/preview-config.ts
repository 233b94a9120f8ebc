import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { configOf, WORKERS } from '@shop/services'
import { parse, stringify } from 'smol-toml'
import { z } from 'zod'
import { ROOT } from './deploy/configs.ts'

/**
 * All that a configuration may hold. Whoever adds a kind of binding decides here how a preview keeps away from
 * production's: what is not listed is refused.
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
  alias: z.record(z.string(), z.string()).optional(),
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
    .strictObject({ bindings: z.array(z.strictObject({ name: z.string(), class_name: z.string() })) })
    .optional(),
  migrations: z.array(z.looseObject({ tag: z.string() })).optional(),
  ratelimits: z.array(z.looseObject({ namespace_id: z.string() })).optional(),
  placement: z.looseObject({}).optional(),
  observability: z.looseObject({}).optional(),
})
type Config = z.infer<typeof configSchema>

export type Preview = {
  pullRequest: number
  /** Of the account: previews are reached at workers.dev. */
  subdomain: string
}

/** The sweep keeps the database awake, which costs; a preview can wait. */
const CRON = '0 * * * *'

const renamed = (name: string, { pullRequest }: Preview) => name.replace(/^shop-/, `shop-pr-${pullRequest}-`)

export const previewUrl = (preview: Preview): string =>
  `https://${renamed('shop-gateway', preview)}.${preview.subdomain}.workers.dev`

/**
 * The configuration of a worker of its own for a pull request. Cloudflare's own previews do not fit: their service
 * bindings lead to production, and neither crons nor queue consumers run in them.
 *
 * @param moved a path of the configuration, seen from where the preview's will be
 */
function previewConfig(config: Config, preview: Preview, moved: (path: string) => string): Config {
  const { route: _route, routes: _routes, ...kept } = config
  const named = (name: string) => renamed(name, preview)
  const queued = <Binding extends { queue: string }>(bindings: Binding[] = []) =>
    bindings.map((binding) => ({ ...binding, queue: named(binding.queue) }))
  const isGateway = config.name === 'shop-gateway'
  return {
    ...kept,
    name: named(config.name),
    main: moved(config.main),
    workers_dev: isGateway,
    preview_urls: false,
    ...(config.alias && { alias: movedAliases(config.alias, moved) }),
    ...(config.vars && { vars: previewVars(config.vars, preview) }),
    ...(config.assets && { assets: { ...config.assets, directory: moved(config.assets.directory) } }),
    ...(config.triggers && { triggers: { crons: [CRON] } }),
    ...(config.services && {
      services: config.services.map((binding) => ({ ...binding, service: named(binding.service) })),
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

/** An alias may lead to a file, or to a package. */
function movedAliases(aliases: Record<string, string>, moved: (path: string) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(aliases).map(([name, to]) => [name, to.startsWith('.') ? moved(to) : to]))
}

/** A preview issues its own tokens, and does without production's Redis. */
function previewVars(vars: Record<string, string>, preview: Preview): Record<string, string> {
  const own: Record<string, string> = { TOKEN_ISSUER: previewUrl(preview), UPSTASH_REDIS_REST_URL: '' }
  return Object.fromEntries(Object.entries(vars).map(([name, value]) => [name, own[name] ?? value]))
}

/**
 * Writes the configurations of a preview into a folder, which then holds nothing else.
 *
 * @throws Error when a configuration holds what is not known to be safe in a preview
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
  if (!Number.isInteger(pullRequest) || pullRequest < 1) throw new Error('Say which pull request: its number')
  const subdomain = env.WORKERS_SUBDOMAIN
  if (!subdomain || !/^[a-z0-9-]+$/.test(subdomain)) {
    throw new Error('WORKERS_SUBDOMAIN must be the account’s own part of <worker>.<subdomain>.workers.dev')
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
