import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'smol-toml'
import type { MeasureStart } from '../startup.ts'
import type { Wrangler, WranglerAnswer } from '../wrangler.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

type FakeWorker = { secrets: Record<string, string>; versions: string[]; live: string; messages: string[] }

/** The state of an account at Cloudflare, and every call of wrangler. */
export type FakeAccount = {
  loggedIn: boolean
  accounts: { id: string; name: string }[]
  queues: string[]
  workers: Record<string, FakeWorker>
  calls: { args: string[]; input?: string }[]
  /** Compressed size of a bundle in KiB; 1 if not listed. */
  gzipKib: Record<string, number>
  /** How long a worker takes to start, one figure for each time it is measured; others take 1 ms. */
  startupMs: Record<string, number[]>
  /** Calls that fail, by how they begin; each fails once for every time it is listed. */
  failing: string[]
}

export const emptyAccount = (): FakeAccount => ({
  loggedIn: true,
  accounts: [{ id: 'account-1', name: 'Shop' }],
  queues: [],
  workers: {},
  calls: [],
  gzipKib: {},
  startupMs: {},
  failing: [],
})

/** A worker as it is once it has been deployed `times` times. */
export function deployed(account: FakeAccount, name: string, times = 1): void {
  for (let time = 0; time < times; time += 1) addVersion(account, name)
}

const said = (stdout: string): WranglerAnswer => ({ code: 0, stdout, stderr: '' })
const refused = (stderr: string): WranglerAnswer => ({ code: 1, stdout: '', stderr })
const unknownWorker = () => refused('A request failed.\n  This Worker does not exist on your account. [code: 10007]')

/** Answers as wrangler 4.155 does, for the commands of setup, deployment and rollback. */
export function fakeWrangler(account: FakeAccount, args: string[], input?: string): WranglerAnswer {
  account.calls.push(input === undefined ? { args } : { args, input })
  const command = args.join(' ')
  const failing = account.failing.findIndex((start) => command.startsWith(start))
  if (failing !== -1) {
    account.failing.splice(failing, 1)
    return refused('Cloudflare is out of reach [code: 10013]')
  }
  const [first, second, third] = args
  if (first === 'whoami') return whoami(account)
  if (first === 'queues') return queues(account, second, third)
  const name = nameIn(args)
  if (first === 'secret') return second === 'bulk' ? putSecrets(account, name, input) : listSecrets(account, name)
  if (first === 'deployments') return status(account, name)
  if (first === 'deploy') return deployWorker(account, name, args)
  if (first === 'rollback') return rollback(account, name, second, args)
  if (first === 'delete') return remove(account, name)
  return refused(`unknown command: ${command}`)
}

/** Wrangler and starts of workers for a deployment in this process: both as the account says. */
export function fakeTools(account: FakeAccount): { run: Wrangler; start: MeasureStart } {
  return { run: inProcess(account), start: async ({ name }) => account.startupMs[name]?.shift() ?? 1 }
}

/** The same as a function, for tests that make many calls. */
export function inProcess(account: FakeAccount): Wrangler {
  return async (args, input) => fakeWrangler(account, args, input)
}

function nameIn(args: string[]): string {
  const path = args[args.indexOf('-c') + 1] ?? ''
  const { name } = parse(readFileSync(join(ROOT, path), 'utf8'))
  return String(name)
}

function whoami({ loggedIn, accounts }: FakeAccount): WranglerAnswer {
  if (!loggedIn) return { code: 1, stdout: '{"loggedIn":false}', stderr: '' }
  return said(JSON.stringify({ loggedIn, email: 'owner@example.com', accounts }))
}

function queues(account: FakeAccount, verb?: string, name = ''): WranglerAnswer {
  const exists = account.queues.includes(name)
  if (verb === 'create') {
    if (exists) return refused(`Queue name '${name}' is already taken. [code: 11009]`)
    account.queues.push(name)
    return said(`Created queue '${name}'`)
  }
  if (!exists) return refused(`Queue "${name}" does not exist. To create it, run: wrangler queues create ${name}`)
  if (verb === 'delete') account.queues = account.queues.filter((queue) => queue !== name)
  return said(`Queue Name: ${name}`)
}

function listSecrets({ workers }: FakeAccount, name: string): WranglerAnswer {
  const worker = workers[name]
  if (worker === undefined) return refused(`Worker "${name}" not found.\n\nIf this is a new Worker, deploy it first.`)
  return said(JSON.stringify(Object.keys(worker.secrets).map((secret) => ({ name: secret, type: 'secret_text' }))))
}

/** Creates an empty worker if it does not exist, as wrangler does without a terminal. */
function putSecrets(account: FakeAccount, name: string, input = ''): WranglerAnswer {
  const secrets = JSON.parse(input) as Record<string, string>
  const worker = account.workers[name] ?? addVersion(account, name)
  Object.assign(worker.secrets, secrets)
  return said(`Successfully created secret for key: ${Object.keys(secrets).join(', ')}`)
}

function status({ workers }: FakeAccount, name: string): WranglerAnswer {
  const worker = workers[name]
  if (worker === undefined) return unknownWorker()
  return said(JSON.stringify({ id: 'deployment', versions: [{ version_id: worker.live, percentage: 100 }] }))
}

function deployWorker(account: FakeAccount, name: string, args: string[]): WranglerAnswer {
  const size = `Total Upload: 300.00 KiB / gzip: ${(account.gzipKib[name] ?? 1).toFixed(2)} KiB`
  if (args.includes('--dry-run')) return said(`${size}\n--dry-run: exiting now.`)
  const { live } = addVersion(account, name)
  return said(`${size}\nUploaded ${name}\nCurrent Version ID: ${live}`)
}

function addVersion(account: FakeAccount, name: string): FakeWorker {
  const worker = account.workers[name] ?? { secrets: {}, versions: [], live: '', messages: [] }
  const id = createHash('md5').update(`${name} ${worker.versions.length}`).digest('hex')
  worker.versions.push(id)
  worker.live = id
  account.workers[name] = worker
  return worker
}

function rollback({ workers }: FakeAccount, name: string, version = '', args: string[]): WranglerAnswer {
  const worker = workers[name]
  if (worker === undefined) return unknownWorker()
  if (!worker.versions.includes(version))
    return refused('The requested Worker version could not be found [code: 10205]')
  worker.live = version
  worker.messages.push(args[args.indexOf('--message') + 1] ?? '')
  return said(`Worker Version ${version} has been deployed to 100% of traffic.`)
}

function remove(account: FakeAccount, name: string): WranglerAnswer {
  if (account.workers[name] === undefined) return unknownWorker()
  delete account.workers[name]
  return said(`Successfully deleted ${name}`)
}
