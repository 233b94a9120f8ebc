import { readdirSync, readFileSync } from 'node:fs'
import { isAbsolute, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Origins } from '@shop/http/origins'
import { configOf, WORKERS } from '@shop/services'
import { parse } from 'smol-toml'
import { z } from 'zod'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** The parts of a wrangler.toml that a deployment reads. */
const configSchema = z.object({
  name: z.string(),
  compatibility_date: z.string(),
  compatibility_flags: z.array(z.string()).default([]),
  workers_dev: z.boolean().default(true),
  routes: z.array(z.union([z.string(), z.object({ pattern: z.string() })])).default([]),
  // A list with an entry that is no origin would be deployed, and the gateway would answer 503.
  vars: z.record(z.string(), z.string()).refine(hasOrigins, 'CORS_ORIGINS has an entry that is no origin').default({}),
  secrets: z.object({ required: z.array(z.string()).default([]) }).default({ required: [] }),
  services: z.array(z.object({ service: z.string() })).default([]),
  queues: z
    .object({
      producers: z.array(z.object({ queue: z.string() })).default([]),
      consumers: z.array(z.object({ queue: z.string() })).default([]),
    })
    .default({ producers: [], consumers: [] }),
  durable_objects: z
    .object({ bindings: z.array(z.object({ class_name: z.string(), script_name: z.string().optional() })).default([]) })
    .default({ bindings: [] }),
  placement: z.object({ region: z.string().optional() }).default({}),
  migrations: z.array(z.object({ tag: z.string() })).default([]),
  ratelimits: z.array(z.object({ name: z.string(), namespace_id: z.string() })).default([]),
})

function hasOrigins(vars: Record<string, string>): boolean {
  return Origins.safeParse(vars.CORS_ORIGINS ?? '').success
}

export type WorkerConfig = z.infer<typeof configSchema> & {
  /** For wrangler's `-c`, from the root of the repository. */
  path: string
}

/** Reads the workers' configurations: those of the repository, or every .toml of a folder (a preview's). */
export function readConfigs(folder?: string): WorkerConfig[] {
  return configPaths(folder).map((path) => ({
    ...configSchema.parse(parse(readFileSync(join(ROOT, path), 'utf8'))),
    path,
  }))
}

function configPaths(folder: string | undefined): string[] {
  if (folder === undefined) return WORKERS.map(configOf)
  const absolute = isAbsolute(folder) ? folder : join(ROOT, folder)
  const names = readdirSync(absolute).filter((name) => name.endsWith('.toml'))
  if (names.length === 0) throw new Error(`No .toml file in ${folder}`)
  return names.sort().map((name) => relative(ROOT, join(absolute, name)))
}

/**
 * Each worker after those it calls. So a binding always has a target, and old callers meet new callees, never the
 * reverse.
 *
 * @throws Error when bindings form a cycle, or point to a worker that is not in the list
 */
export function inDeployOrder(configs: WorkerConfig[]): WorkerConfig[] {
  const placed: WorkerConfig[] = []
  const isPlaced = (name: string) => placed.some((config) => config.name === name)
  const waiting = [...configs]
  while (waiting.length > 0) {
    const next = waiting.findIndex(({ services }) => services.every(({ service }) => isPlaced(service)))
    if (next === -1) {
      const names = waiting.map(({ name }) => name).join(', ')
      throw new Error(`The bindings of ${names} form a cycle, or point to a worker that is not in this deployment`)
    }
    placed.push(...waiting.splice(next, 1))
  }
  return placed
}

export const queuesOf = (configs: WorkerConfig[]): string[] => [
  ...new Set(configs.flatMap(({ queues }) => [...queues.producers, ...queues.consumers].map(({ queue }) => queue))),
]

/** The only public worker. */
export function gatewayOf(configs: WorkerConfig[]): WorkerConfig {
  const open = configs.filter(isPublic)
  if (open.length !== 1 || open[0] === undefined)
    throw new Error(`${open.length} workers are public; exactly one must be`)
  return open[0]
}

/** The URL of a shop on its own domain; undefined on workers.dev, whose subdomain only the account knows. */
export function domainOf(configs: WorkerConfig[]): string | undefined {
  const patterns = gatewayOf(configs).routes.map((route) => (typeof route === 'string' ? route : route.pattern))
  const host = patterns[0]?.split('/')[0]
  return host === undefined || host.includes('*') ? undefined : `https://${host}`
}

export const isPublic = ({ workers_dev, routes }: WorkerConfig): boolean => workers_dev || routes.length > 0
