import { z } from 'zod'
import { succeed, type Wrangler } from '../deploy/wrangler.ts'

/** What the account already has of what the shop needs. */
export type Existing = {
  queues: ReadonlySet<string>
  /** By worker. A worker that does not exist has none. */
  secrets: ReadonlyMap<string, ReadonlySet<string>>
}

const whoamiSchema = z.object({ accounts: z.array(z.object({ id: z.string(), name: z.string() })) })

/**
 * The account that wrangler uses.
 *
 * @returns undefined when not signed in
 * @throws Error when there are several accounts, or none with the id CLOUDFLARE_ACCOUNT_ID
 */
export async function findAccount(run: Wrangler, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const answer = await run(['whoami', '--json'])
  if (answer.code !== 0) return undefined
  const { accounts } = whoamiSchema.parse(JSON.parse(answer.stdout))
  const wanted = env.CLOUDFLARE_ACCOUNT_ID
  const fitting = wanted ? accounts.filter(({ id }) => id === wanted) : accounts
  const [account] = fitting
  if (account === undefined)
    throw new Error(wanted ? `You have no access to the account ${wanted}` : 'You have no Cloudflare account')
  if (fitting.length > 1) {
    const list = accounts.map(({ id, name }) => `  ${id}  ${name}`).join('\n')
    throw new Error(`You have several accounts. Set CLOUDFLARE_ACCOUNT_ID to one of:\n${list}`)
  }
  return account.name
}

export const NOTHING_EXISTS: Existing = { queues: new Set(), secrets: new Map() }

export async function readExisting(
  needed: { queues: string[]; workers: { name: string; path: string }[] },
  run: Wrangler,
): Promise<Existing> {
  const queues = new Set<string>()
  for (const queue of needed.queues) if (await hasQueue(queue, run)) queues.add(queue)
  const secrets = new Map<string, ReadonlySet<string>>()
  for (const { name, path } of needed.workers) secrets.set(name, await secretsOf(path, run))
  return { queues, secrets }
}

async function hasQueue(queue: string, run: Wrangler): Promise<boolean> {
  const args = ['queues', 'info', queue]
  const { code, stdout, stderr } = await run(args)
  if (code === 0) return true
  if (/does not exist/.test(stdout + stderr)) return false
  throw new Error(`wrangler ${args.join(' ')} failed:\n${stderr || stdout}`)
}

const secretListSchema = z.array(z.object({ name: z.string() }))

async function secretsOf(path: string, run: Wrangler): Promise<ReadonlySet<string>> {
  const args = ['secret', 'list', '-c', path, '--format', 'json']
  const { code, stdout, stderr } = await run(args)
  if (code === 0) return new Set(secretListSchema.parse(JSON.parse(stdout)).map(({ name }) => name))
  if (/Worker ".+" not found/.test(stdout + stderr)) return new Set()
  throw new Error(`wrangler ${args.join(' ')} failed:\n${stderr || stdout}`)
}

export async function createQueue(queue: string, run: Wrangler): Promise<void> {
  await succeed(run, ['queues', 'create', queue])
}

/**
 * Stores secrets of a worker. If the worker does not exist yet, wrangler creates an empty one that has them; its first
 * deployment keeps them.
 */
export async function putSecrets(path: string, secrets: Record<string, string>, run: Wrangler): Promise<void> {
  await succeed(run, ['secret', 'bulk', '-c', path], JSON.stringify(secrets))
}
