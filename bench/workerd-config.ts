import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { configOf, GATEWAY, serviceNamed, type Worker } from '@shop/services'
import { parse } from 'smol-toml'

type Config = {
  name: string
  compatibility_date: string
  compatibility_flags?: string[]
  vars?: Record<string, string>
  secrets?: { required?: string[] }
  services?: { binding: string; service: string; entrypoint?: string }[]
  durable_objects?: { bindings: { name: string; class_name: string; script_name?: string }[] }
  queues?: { producers?: { binding: string }[] }
  ratelimits?: { name: string }[]
  assets?: { binding?: string }
}

export type WorkerdConfig = {
  root: string
  /** The folder of the bundles, one subfolder per worker. */
  build: string
  /** Where the config file is written; paths in it are relative to that. */
  directory: string
  /** Where objects keep their data. */
  storage: string
  workers: readonly Worker[]
  environment: Record<string, string>
  port: number
  /** The catalogue worker's own port, to measure what the gateway adds. */
  catalogPort: number
  /** Each request to this port sweeps, as the platform's clock does every minute, and is answered when that is done. */
  clockPort: number
}

/**
 * A config for `workerd serve`: the workers as their config files describe them, in one process, with the gateway on a
 * port of the loopback.
 *
 * Platform-only parts are replaced by fakes that cost nothing: rate limits that allow everything, a queue that accepts
 * every message (the sweep does the work), no assets, and an empty Cache API, behind which the isolate's own cache
 * still works.
 */
export function workerdConfig(options: WorkerdConfig): string {
  const services = options.workers.map((worker) => serviceOf(worker, options))
  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    ${services.join(',\n    ')},
    (name = "nothing", worker = (compatibilityDate = "2026-01-01", modules = [(name = "nothing.js", esModule = ${quote(NOTHING)})])),
    (name = "clock", worker = (compatibilityDate = "2026-01-01", compatibilityFlags = ["service_binding_extra_handlers"],
      modules = [(name = "clock.js", esModule = ${quote(CLOCK)})], bindings = [(name = "GATEWAY", service = ${quote(GATEWAY.worker)})])),
    (name = "storage", disk = (path = ${quote(options.storage)}, writable = true)),
    (name = "loopback", network = (allow = ["local", "public", "private"]))
  ],
  sockets = [
    (name = "http", address = "127.0.0.1:${options.port}", http = (), service = ${quote(GATEWAY.worker)}),
    (name = "catalog", address = "127.0.0.1:${options.catalogPort}", http = (), service = ${quote(serviceNamed('catalog').worker)}),
    (name = "clock", address = "127.0.0.1:${options.clockPort}", http = (), service = "clock")
  ],
  extensions = [(modules = [(name = "bench:ratelimit", internal = true, esModule = ${quote(UNLIMITED)})])]
);
`
}

const NOTHING = `export default {
  async fetch(request) {
    // Of a message to a queue, or of an answer to be cached; the sender waits until it is read.
    await request.arrayBuffer()
    if (request.method === 'POST') return Response.json({})
    if (request.method === 'PUT') return new Response(null, { status: 204 })
    return new Response(null, { status: 504, headers: { 'CF-Cache-Status': 'MISS' } })
  },
  queue() {},
}`
const CLOCK = `export default {
  async fetch(request, env) {
    const { outcome } = await env.GATEWAY.scheduled({ scheduledTime: new Date(), cron: '* * * * *' })
    return new Response(outcome, { status: outcome === 'ok' ? 200 : 500 })
  },
}`
const UNLIMITED = `export default () => ({ limit: async () => ({ success: true }) })`

function serviceOf(worker: Worker, { root, build, directory, environment }: WorkerdConfig): string {
  const config = parse(readFileSync(join(root, configOf(worker)), 'utf8')) as Config
  const folder = join(build, worker)
  const classes = (config.durable_objects?.bindings ?? []).filter(({ script_name: other }) => other === undefined)
  const namespaces = classes.map(
    ({ class_name }) =>
      `(className = ${quote(class_name)}, uniqueKey = ${quote(`${config.name}-${class_name}`)}, enableSql = true)`,
  )
  return `(name = ${quote(config.name)}, worker = (
      compatibilityDate = ${quote(config.compatibility_date)},
      compatibilityFlags = [${(config.compatibility_flags ?? []).map(quote).join(', ')}],
      modules = [${modulesOf(folder, directory).join(', ')}],
      bindings = [
        ${bindingsOf(config, environment).join(',\n        ')}
      ],
      globalOutbound = "loopback",
      cacheApiOutbound = "nothing",
      durableObjectNamespaces = [${namespaces.join(', ')}],
      durableObjectStorage = (localDisk = "storage")
    ))`
}

function modulesOf(folder: string, directory: string): string[] {
  if (!existsSync(folder)) throw new Error(`${folder} is not built`)
  const path = (file: string) => quote(relative(directory, join(folder, file)))
  const files = (extension: string) => readdirSync(folder).filter((file) => file.endsWith(extension))
  return [
    `(name = "index.js", esModule = embed ${path('index.js')})`,
    ...files('.wasm').map((file) => `(name = ${quote(`./${file}`)}, wasm = embed ${path(file)})`),
    ...files('.ttf').map((file) => `(name = ${quote(`./${file}`)}, data = embed ${path(file)})`),
  ]
}

function bindingsOf(config: Config, environment: Record<string, string>): string[] {
  const names = new Set([...Object.keys(config.vars ?? {}), ...(config.secrets?.required ?? []), ...OPTIONAL_SECRETS])
  const values = [...names].flatMap((name) => {
    const value = environment[name] ?? config.vars?.[name]
    return value === undefined ? [] : [`(name = ${quote(name)}, text = ${quote(value)})`]
  })
  const services = (config.services ?? []).map(
    ({ binding, service, entrypoint }) =>
      `(name = ${quote(binding)}, service = (name = ${quote(service)}${entrypoint ? `, entrypoint = ${quote(entrypoint)}` : ''}))`,
  )
  const objects = (config.durable_objects?.bindings ?? []).map(
    ({ name, class_name, script_name }) =>
      `(name = ${quote(name)}, durableObjectNamespace = (className = ${quote(class_name)}${script_name ? `, serviceName = ${quote(script_name)}` : ''}))`,
  )
  const queues = (config.queues?.producers ?? []).map(({ binding }) => `(name = ${quote(binding)}, queue = "nothing")`)
  const limits = (config.ratelimits ?? []).map(
    ({ name }) => `(name = ${quote(name)}, wrapped = (moduleName = "bench:ratelimit", innerBindings = []))`,
  )
  const assets = config.assets?.binding ? [`(name = ${quote(config.assets.binding)}, service = "nothing")`] : []
  return [...values, ...services, ...objects, ...queues, ...limits, ...assets]
}

/** Passed if set; the shop runs without it. */
const OPTIONAL_SECRETS = ['UPSTASH_REDIS_REST_TOKEN']

/** A Cap'n Proto text literal. */
function quote(text: string): string {
  return JSON.stringify(text)
}
