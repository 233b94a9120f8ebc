import { execFile, execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

// A worker is added as CONTRIBUTING.md tells, in a copy of the repository: one row of the table of services, one folder,
// and a binding of the gateway. Nothing else is edited, so everything else has to be derived from these.

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const BIN = join(ROOT, 'node_modules/.bin')

const ROW = `  {
    name: 'example',
    worker: 'shop-example',
    config: 'workers/example/wrangler.toml',
    mayCall: [],
    gateway: {
      binding: 'EXAMPLE',
      paths: ['/api/greetings'],
      pathsWithoutCaller: [],
      tags: [{ name: 'Greetings', description: 'An example' }],
      isEssential: false,
      sweepsAfter: [],
    },
  },
`

const BINDING = `
[[services]]
binding = "EXAMPLE"
service = "shop-example"
`

const FILES: Record<string, string> = {
  'package.json': JSON.stringify({
    name: '@shop/example',
    version: '0.1.0',
    private: true,
    type: 'module',
    dependencies: { '@shop/contracts': '0.1.0', '@shop/http': '0.1.0', zod: '4.6.6' },
  }),
  'wrangler.toml': `name = "shop-example"
main = "src/index.ts"
compatibility_date = "2026-10-15"
compatibility_flags = ["no_nodejs_compat", "nodejs_als"]
workers_dev = false
preview_urls = false

[vars]
ENVIRONMENT = "production"
OBJECT_LOCATION = "weur"
OBJECT_JURISDICTION = ""

[durable_objects]
code_update_strategy = { mode = "immediate" }

[[durable_objects.bindings]]
name = "SWEEPER"
class_name = "Sweeper"

[[migrations]]
tag = "v1"
new_sqlite_classes = ["Sweeper"]

[observability]
enabled = true
`,
  'src/index.ts': `import { WorkerEntrypoint } from 'cloudflare:workers'
import type { Sweepable, SweepReport, SweepRequest } from '@shop/contracts/service'
import { sweeperObject } from '@shop/http/sweep/sweeper-object'
import { wakeSweeper } from '@shop/http/sweep/wake-sweeper'
import { exampleApp } from './app.ts'
import { exampleTasks } from './sweep.ts'

const app = exampleApp()

export class Sweeper extends sweeperObject({ service: 'example', tasksOf: (_: ExampleEnv) => exampleTasks() }) {}

export default class Example extends WorkerEntrypoint<ExampleEnv> implements Sweepable {
  override fetch(request: Request): Response | Promise<Response> {
    return app.fetch(request, this.env, this.ctx)
  }

  sweep(request?: SweepRequest): Promise<SweepReport> {
    return wakeSweeper(this.env, 'sweep', request)
  }
}
`,
  'src/sweep.ts': `import { onlyBatch, type SweepTask } from '@shop/contracts/service'

export const exampleTasks = (): SweepTask[] => [{ name: 'greeted', work: async () => onlyBatch(0) }]
`,
  'src/app.ts': `import { createApp } from '@shop/http/app'
import { READINESS_PATH, readinessResponse } from '@shop/http/readiness'
import { type ExampleApp, type ExampleDeps, exampleDeps } from './deps.ts'
import { addGreetCustomer } from './greetings/routes/greet-customer.ts'

export function exampleApp(): ExampleApp {
  const app = createApp<ExampleEnv, ExampleDeps>({ deps: exampleDeps })
  addGreetCustomer(app)
  app.get(READINESS_PATH, () => readinessResponse({}))
  return app
}
`,
  'src/deps.ts': `import type { ShopApp } from '@shop/http/app'
import { oncePerEnv, parseEnv } from '@shop/http/env'
import { ExampleSettings } from './env.ts'

export type ExampleDeps = { settings: ExampleSettings; now(): Date }
export type ExampleApp = ShopApp<ExampleEnv, ExampleDeps>

export const exampleDeps: (env: ExampleEnv) => ExampleDeps = oncePerEnv((env) => ({
  settings: parseEnv(ExampleSettings, env),
  now: () => new Date(),
}))
`,
  'src/env.ts': `import { z } from 'zod'

export const ExampleSettings = z.object({ ENVIRONMENT: z.string().min(1) })
export type ExampleSettings = z.infer<typeof ExampleSettings>
`,
  'src/greetings/domain/greeting.ts': `/** The greeting of an hour of the day, from 0 to 23. */
export const greetingAt = (hour: number) => (hour < 12 ? 'Good morning' : 'Good afternoon')
`,
  'src/greetings/greet-customer.ts': `import type { ExampleDeps } from '../deps.ts'
import { greetingAt } from './domain/greeting.ts'

export function greetCustomer(deps: Pick<ExampleDeps, 'now'>): string {
  return greetingAt(deps.now().getUTCHours())
}
`,
  'src/greetings/routes/greet-customer.ts': `import { PUBLIC } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { z } from 'zod'
import type { ExampleApp } from '../../deps.ts'
import { greetCustomer } from '../greet-customer.ts'

const GreetingView = z.strictObject({ greeting: z.string() }).meta({ id: 'Greeting' })

const route = createRoute({
  method: 'get',
  path: '/api/greetings',
  operationId: 'greetCustomer',
  tags: ['Greetings'],
  summary: 'Greet',
  access: PUBLIC,
  responses: { 200: json('A greeting', GreetingView), ...problems() },
})

export function addGreetCustomer(app: ExampleApp): void {
  app.openapi(route, (c) => c.json({ greeting: greetCustomer(c.get('deps')) }, 200))
}
`,
}

let copy: string
beforeAll(async () => {
  copy = mkdtempSync(join(tmpdir(), 'shop-new-worker-'))
  copyRepository()
  addWorker()
  linkPackages()
  await run('node', 'scripts/generate-types.ts')
}, 180_000)
afterAll(() => rmSync(copy, { recursive: true, force: true }))

/** What git would commit, so that neither builds nor a local database come along. */
function copyRepository(): void {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard']
  const files = execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }).split('\0')
  const present = new Set(files.filter((file) => file !== '' && !file.startsWith('docs/')))
  for (const file of present) cpSync(join(ROOT, file), join(copy, file), { recursive: true, force: true })
}

function addWorker(): void {
  edit('packages/services/src/index.ts', '] as const satisfies', (end) => `${ROW}${end}`)
  edit('wrangler.toml', 'service = "shop-notifications"\n', (last) => `${last}${BINDING}`)
  for (const [path, text] of Object.entries(FILES)) write(join('workers/example', path), text)
}

/** The installed packages, except those of the repository: they are the copy's own, with the new worker among them. */
function linkPackages(): void {
  const installed = join(ROOT, 'node_modules')
  mkdirSync(join(copy, 'node_modules/@shop'), { recursive: true })
  for (const name of readdirSync(installed)) {
    if (name !== '@shop') symlinkSync(join(installed, name), join(copy, 'node_modules', name))
  }
  for (const folder of ['packages', 'emulators', 'workers'].flatMap(workspacesIn)) {
    const { name } = JSON.parse(readFileSync(join(copy, folder, 'package.json'), 'utf8')) as { name: string }
    symlinkSync(join(copy, folder), join(copy, 'node_modules', name))
  }
}

const workspacesIn = (parent: string) => readdirSync(join(copy, parent)).map((name) => join(parent, name))

function edit(path: string, place: string, change: (place: string) => string): void {
  const text = readFileSync(join(copy, path), 'utf8')
  expect(text.split(place), `${path} has the place for the new worker once`).toHaveLength(2)
  writeFileSync(join(copy, path), text.replace(place, change))
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(copy, path)), { recursive: true })
  writeFileSync(join(copy, path), text)
}

/** @throws Error with what the command printed, when it fails */
async function run(command: string, ...args: string[]): Promise<string> {
  // The commands are not to take themselves for a part of this test run.
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST'))
  const env = {
    ...Object.fromEntries(inherited),
    PATH: `${BIN}:${process.env.PATH}`,
    NODE_ENV: '',
    WRANGLER_SEND_METRICS: 'false',
    CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  }
  const answer = await promisify(execFile)(command, args, { cwd: copy, env }).catch(
    (error: { stdout?: string; stderr?: string }) => {
      throw new Error(`${command} ${args.join(' ')} failed:\n${error.stdout}\n${error.stderr}`)
    },
  )
  return answer.stdout
}

describe('a worker that is added by a row, a folder and a binding', { timeout: 180_000 }, () => {
  it('has types that fit, in the workers and in scripts and tests', async () => {
    await run('tsc', '-p', 'tsconfig.workers.json')
    await run('tsc', '-p', 'tsconfig.node.json')
  })

  it('keeps the layers', async () => {
    const output = await run('node', 'scripts/layers.ts').catch((error: Error) => error.message)
    expect(output).toMatch(/layers: \d+ files/)
    expect(output.split('\n').filter((line) => line.includes('workers/example'))).toEqual([])
  })

  it('is bundled for a deployment', async () => {
    const output = await run('wrangler', 'deploy', '--dry-run', '-c', 'workers/example/wrangler.toml')
    expect(output).toMatch(/Total Upload: [\d.]+ KiB/)
  })

  it('is deployed before the gateway, by the scripts that read the table', async () => {
    const script = `
      import { inDeployOrder, readConfigs } from './scripts/deploy/configs.ts'
      console.log(JSON.stringify(inDeployOrder(readConfigs()).map(({ name }) => name)))`
    const order = JSON.parse(await run('node', '--input-type=module-typescript', '--eval', script)) as string[]
    expect(order.indexOf('shop-example')).toBeGreaterThanOrEqual(0)
    expect(order.indexOf('shop-example')).toBeLessThan(order.indexOf('shop-gateway'))
  })

  it('passes the tests of the table, of the configs and of the gateway, which forwards its paths', async () => {
    const files = ['packages/services', 'scripts/configs.test.ts', 'workers/gateway/test/unit']
    const output = await run('vitest', 'run', '--project', 'unit', '--reporter=verbose', ...files)
    expect(output).toContain('/api/greetings is forwarded to example')
  })
})
