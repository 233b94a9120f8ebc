import type { Manifest } from './modules.ts'

/** What the files of a layer may import. */
export type Layer = {
  name: string
  files: RegExp
  /**
   * Where an import may lead: a path from the root, or `npm:…`, `node:…`, `cloudflare:…`.
   *
   * @param match of `files`
   */
  may(match: RegExpMatchArray): RegExp[]
  /** Where an import of nothing but types may lead beyond that. */
  mayType?(match: RegExpMatchArray): RegExp[]
  /** What its code must not contain. */
  mustNotUse?: RegExp
}

/** The files at the top of a worker; everything else is in a slice. */
export const TOP_LEVEL = ['index.ts', 'app.ts', 'deps.ts', 'env.ts', 'rpc.ts', 'sweep.ts']

const KERNEL = /^packages\/kernel\/src\//
const CONTRACTS = /^packages\/contracts\/src\//
const SERVICES = /^packages\/services\/src\//
const SETTINGS = /^packages\/settings\/src\//
const ADDRESSES = /^packages\/addresses\/src\//
/** What every layer of a worker speaks in. */
const VOCABULARY = [KERNEL, CONTRACTS, SERVICES, SETTINGS, ADDRESSES]

const HONO_KIT = /^packages\/http\/src\/(?!redis)/
/** The parts of the kit that do not load Hono: logs, traces, calls to dependencies, settings. */
const KIT_WITHOUT_HONO =
  /^packages\/http\/src\/(?:call-object|database-fetch|dependency-fetch|env|guard|ids|invocation|join-calls|list-rpc|log|object-schema|objects|origins|receive-users-events|redis|redis-requester|trace|trace-context)\.ts$/
/** Packages of this repository that only compute: not the kit, not the database, nothing for tests. */
const PURE_PACKAGES = /^packages\/(?!db\/|http\/|testing\/|local-environment\/)[^/]+\/src\//

const ZOD = /^npm:zod$/
const HONO = /^npm:(?:hono|@hono\/zod-openapi)$/
const LIBRARIES = /^npm:(?!hono$|@hono\/|drizzle-orm$|@neondatabase\/|pg$|stripe$)/

const CLOCK = /\bDate\.now\(|\bnew Date\(\)|\bperformance\./
const RANDOMNESS = /\bMath\.random\(|\bcrypto\.(?:getRandomValues|randomUUID)\(/
const EFFECTS = /\bcrypto\.|\bfetch\(|\bprocess\.|\b(?:set|clear)(?:Timeout|Interval|Immediate)\(|\bscheduler\./
const anyOf = (...patterns: RegExp[]) => new RegExp(patterns.map(({ source }) => source).join('|'))

/** Paths below the `src` of the worker that the first group of a layer's `files` has matched. */
const inWorker = ([, worker]: RegExpMatchArray, path: string) => new RegExp(`^workers/${worker}/src/${path}`)
/** Paths below the slice that the second group has matched. */
const inSlice = ([, worker, slice]: RegExpMatchArray, path: string) =>
  new RegExp(`^workers/${worker}/src/${slice}/${path}`)

const DOMAIN = '(?:.+/)?domain/'
const REPOSITORY = 'repository(?:\\.ts$|/)'
const ENTRY_POINT = '[^/]+/(?!repository\\.ts$)[^/]+\\.tsx?$'

const mayEntryPoint: Layer['may'] = (match) => [
  PURE_PACKAGES,
  KIT_WITHOUT_HONO,
  LIBRARIES,
  inWorker(match, `(?:${DOMAIN}|${ENTRY_POINT})`),
  inSlice(match, 'internal/'),
]
const mayEntryPointType: Layer['may'] = (match) => [inWorker(match, 'deps\\.ts$'), inSlice(match, REPOSITORY)]

/** The layers of a worker. The first whose `files` match a file decides. */
const WORKER_LAYERS: Layer[] = [
  {
    name: 'domain',
    files: /^workers\/([^/]+)\/src\/(?:.+\/)?domain\//,
    may: (match) => [...VOCABULARY, inWorker(match, DOMAIN)],
    mustNotUse: anyOf(CLOCK, RANDOMNESS, EFFECTS),
  },
  {
    name: 'routes',
    files: /^workers\/([^/]+)\/src\/(?:([^/]+)\/routes\/|(?:app|rpc)\.ts$)/,
    may: (match) => [
      ...VOCABULARY,
      HONO_KIT,
      HONO,
      ZOD,
      /^cloudflare:workers$/,
      inWorker(match, `(?:(?:app|deps|env|rpc)\\.ts$|[^/]+/routes/|${DOMAIN}|${ENTRY_POINT})`),
    ],
    mayType: (match) => [inSlice(match, REPOSITORY)],
  },
  {
    name: 'repository',
    files: /^workers\/([^/]+)\/src\/([^/]+)\/repository(?:\.ts$|\/)/,
    may: (match) => [
      ...VOCABULARY,
      /^npm:drizzle-orm$/,
      /^packages\/db\/src\/(?!schema\/)/,
      new RegExp(`^packages/db/src/schema/(?:columns|${match[1]}|${match[1] === 'payments' ? 'stripe' : 'columns'})`),
      inWorker(match, `(?:${DOMAIN}|[^/]+/${REPOSITORY})`),
    ],
  },
  {
    name: 'Durable Object',
    files: /^workers\/([^/]+)\/src\/([^/]+)\/(?:[^/]+-object\.ts$|object\/)/,
    may: (match) => [
      ...VOCABULARY,
      KIT_WITHOUT_HONO,
      /^cloudflare:workers$/,
      // An object that keeps a projection in Postgres connects by itself.
      /^packages\/db\/src\/(?:index|client)\.ts$/,
      // One that asks other workers calls them by itself, too.
      /^packages\/http\/src\/rpc\.ts$/,
      inWorker(match, `(?:env\\.ts$|${DOMAIN})`),
      inSlice(match, `(?:[^/]+-object\\.ts$|object/|[^/]*storage\\.ts$|${REPOSITORY})`),
    ],
  },
  {
    name: 'composition',
    files: /^workers\/([^/]+)\/src\/(?:index|deps)\.ts$/,
    may: (match) => [/^npm:/, /^cloudflare:/, /^packages\/(?!testing\/|local-environment\/)/, inWorker(match, '')],
  },
  {
    name: 'settings',
    files: /^workers\/([^/]+)\/src\/env\.ts$/,
    may: (match) => [...VOCABULARY, KIT_WITHOUT_HONO, ZOD, inWorker(match, '[^/]+/(?:domain|internal)/')],
  },
  {
    name: 'sweep',
    files: /^workers\/([^/]+)\/src\/sweep\.ts$/,
    may: (match) => [...VOCABULARY, KIT_WITHOUT_HONO, /^npm:p-map$/, inWorker(match, ENTRY_POINT)],
    mayType: (match) => [inWorker(match, '(?:deps|env)\\.ts$')],
  },
  {
    // The gateway forwards: its entry points are handlers of Hono, and it has no routes beside them.
    name: 'gateway handler',
    files: /^workers\/(gateway)\/src\/([^/]+)\/(?:internal\/)?[^/]+\.ts$/,
    may: (match) => [
      ...VOCABULARY,
      HONO_KIT,
      HONO,
      LIBRARIES,
      inWorker(match, `(?:env\\.ts$|${DOMAIN}|${ENTRY_POINT})`),
      inSlice(match, 'internal/'),
    ],
    mayType: (match) => [inWorker(match, 'deps\\.ts$')],
  },
  {
    // The only slice that knows Stripe's SDK; it measures time to keep to Stripe's limits.
    name: 'Stripe client',
    files: /^workers\/(payments)\/src\/(stripe)\/(?:internal\/)?[^/]+\.ts$/,
    may: (match) => [
      ...VOCABULARY,
      KIT_WITHOUT_HONO,
      LIBRARIES,
      /^npm:stripe$/,
      inWorker(match, `(?:${DOMAIN}|stripe/)`),
    ],
    mayType: (match) => [inWorker(match, '(?:deps|env)\\.ts$')],
  },
  {
    name: 'shared step',
    files: /^workers\/([^/]+)\/src\/([^/]+)\/internal\/[^/]+\.tsx?$/,
    may: mayEntryPoint,
    mayType: mayEntryPointType,
    // Ids and tokens may be made here, by what deps.ts hands to entry points.
    mustNotUse: anyOf(CLOCK, /\bMath\.random\(/),
  },
  {
    name: 'entry point',
    files: /^workers\/([^/]+)\/src\/([^/]+)\/[^/]+\.tsx?$/,
    may: mayEntryPoint,
    mayType: mayEntryPointType,
    mustNotUse: anyOf(CLOCK, RANDOMNESS),
  },
]

const BASE_LAYERS: Layer[] = [
  {
    // The one Durable Object that every worker has, and the kit's only file that needs the runtime to be loaded.
    name: 'sweeper object',
    files: /^packages\/http\/src\/sweep\/sweeper-object\.ts$/,
    may: () => [/^cloudflare:workers$/, KERNEL, CONTRACTS, /^packages\/http\/src\//],
  },
  { name: 'kernel', files: /^packages\/kernel\/src\//, may: () => [ZOD, KERNEL] },
  { name: 'contracts', files: /^packages\/contracts\/src\//, may: () => [ZOD, KERNEL, CONTRACTS] },
]

/** @param manifests of the workspaces by folder, and of the root as the folder '' */
export function layersOf(manifests: ReadonlyMap<string, Manifest>): Layer[] {
  const root = manifests.get('') ?? { name: '' }
  const workspaces = [...manifests].filter(([folder]) => folder !== '')
  return [
    ...WORKER_LAYERS,
    ...BASE_LAYERS,
    ...workspaces.flatMap(([folder, manifest]) => workspaceLayers(folder, manifest, { root, workspaces })),
    nodeLayer('scripts', ['scripts'], root),
    nodeLayer('test', ['test', 'scripts'], root),
    nodeLayer('bench', ['bench', 'scripts'], root),
  ]
}

/** A folder of what runs in Node beside the workers. */
function nodeLayer(name: string, folders: string[], root: Manifest): Layer {
  return {
    name,
    files: new RegExp(`^${name}/`),
    may: () => [
      /^node:/,
      /^(?:packages|emulators|workers)\/[^/]+\/src\//,
      new RegExp(`^(?:${folders.join('|')})/`),
      ...packagesIn(root.dependencies, root.devDependencies),
    ],
  }
}

type Workspaces = { root: Manifest; workspaces: [folder: string, manifest: Manifest][] }

/** The `src` of a workspace may import the dependencies of its package.json, its tests those for development, too. */
function workspaceLayers(folder: string, manifest: Manifest, { root, workspaces }: Workspaces): Layer[] {
  const inside = (name: string) => new RegExp(`^${folder}/${name}/`)
  const dependencies = [
    ...packagesIn(manifest.dependencies),
    ...sourcesOf(manifest.dependencies, workspaces, folder.startsWith('emulators/') ? /^emulators\// : /./),
  ]
  // Workers are tested with whatever the root has, and with each package and emulator.
  const forTests = folder.startsWith('workers/')
    ? [/^(?:packages|emulators)\/[^/]+\/src\//, ...packagesIn(root.devDependencies)]
    : [...packagesIn(manifest.devDependencies), ...sourcesOf(manifest.devDependencies, workspaces)]
  return [
    { name: folder, files: inside('src'), may: () => [/^node:/, ...dependencies, inside('src')] },
    {
      name: `${folder}/test`,
      files: inside('test'),
      may: () => [/^node:/, /^cloudflare:/, ...dependencies, ...forTests, inside('(?:src|test)')],
    },
  ]
}

type Dependencies = Manifest['dependencies']

const packagesIn = (...lists: Dependencies[]) =>
  lists.flatMap((list = {}) => Object.keys(list).map((name) => new RegExp(`^npm:${name}$`)))

/** The sources of those workspaces that are listed, and are in a folder that `within` matches. */
const sourcesOf = (list: Dependencies = {}, workspaces: Workspaces['workspaces'], within = /./) =>
  workspaces
    .filter(([folder, { name }]) => name in list && within.test(folder))
    .map(([folder]) => new RegExp(`^${folder}/src/`))
