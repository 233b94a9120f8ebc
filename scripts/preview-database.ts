import { appendFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { z } from 'zod'

const NEON_API = 'https://console.neon.tech/api/v2/'
const PATIENCE_MS = 60_000
const PAUSE_MS = 1_000

export type NeonProject = { id: string; apiKey: string; api?: string; pauseMs?: number }

const branchSchema = z.object({ id: z.string(), name: z.string(), current_state: z.string() })
const branchesSchema = z.object({ branches: z.array(branchSchema) })
const databaseSchema = z.object({ name: z.string(), owner_name: z.string() })
const databasesSchema = z.object({ databases: z.tuple([databaseSchema]).rest(databaseSchema) })

export const branchName = (pullRequest: number): string => `pr-${pullRequest}`

/**
 * Opens the branch of a Neon project for a pull request, and creates it if needed. A branch starts as a copy of the
 * project's default branch, so use a separate project for previews, without customers' data.
 *
 * @returns the direct URL of the database's owner
 */
export async function openBranch(project: NeonProject, name: string): Promise<string> {
  const found = await findBranch(project, name)
  const { id } = found ?? (await createBranch(project, name))
  await untilReady(project, id)
  const { databases } = databasesSchema.parse(await ask(project, 'GET', `branches/${id}/databases`))
  const query = new URLSearchParams({
    branch_id: id,
    database_name: databases[0].name,
    role_name: databases[0].owner_name,
    pooled: 'false',
  })
  return z.object({ uri: z.string() }).parse(await ask(project, 'GET', `connection_uri?${query}`)).uri
}

/** Does nothing when the branch does not exist. */
export async function removeBranch(project: NeonProject, name: string): Promise<void> {
  const branch = await findBranch(project, name)
  if (branch !== undefined) await ask(project, 'DELETE', `branches/${branch.id}`)
}

async function findBranch(project: NeonProject, name: string) {
  const { branches } = branchesSchema.parse(await ask(project, 'GET', `branches?search=${encodeURIComponent(name)}`))
  return branches.find((branch) => branch.name === name)
}

async function createBranch(project: NeonProject, name: string) {
  const body = { branch: { name }, endpoints: [{ type: 'read_write' }] }
  return z.object({ branch: branchSchema }).parse(await ask(project, 'POST', 'branches', body)).branch
}

async function untilReady(project: NeonProject, id: string): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS
  for (;;) {
    const { branch } = z.object({ branch: branchSchema }).parse(await ask(project, 'GET', `branches/${id}`))
    if (branch.current_state === 'ready') return
    if (Date.now() > deadline) throw new Error(`Neon's branch ${branch.name} is still ${branch.current_state}`)
    await sleep(project.pauseMs ?? PAUSE_MS)
  }
}

async function ask(project: NeonProject, method: string, path: string, body?: unknown): Promise<unknown> {
  const { id, apiKey, api = NEON_API } = project
  const response = await fetch(new URL(`projects/${id}/${path}`, api), {
    method,
    headers: { authorization: `Bearer ${apiKey}`, accept: 'application/json', 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(30_000),
  })
  if (!response.ok) throw new Error(`Neon answered ${response.status} to ${method} ${path}: ${await response.text()}`)
  return response.json()
}

/** Passes the URL to the later steps of a GitHub job, and masks it in the logs. */
async function tellGitHub(url: string, env: NodeJS.ProcessEnv): Promise<void> {
  if (!env.GITHUB_ENV) throw new Error('GITHUB_ENV is not set: this script passes a secret to a GitHub job')
  console.log(`::add-mask::${url}\n::add-mask::${new URL(url).password}`)
  await appendFile(env.GITHUB_ENV, `MIGRATION_DATABASE_URL=${url}\n`)
}

if (import.meta.main) {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { remove: { type: 'boolean', default: false } },
  })
  const { NEON_PREVIEW_PROJECT_ID: id, NEON_API_KEY: apiKey } = process.env
  try {
    if (!id || !apiKey) throw new Error('NEON_PREVIEW_PROJECT_ID and NEON_API_KEY must be set')
    const name = branchName(z.coerce.number().int().positive().parse(positionals[0]))
    if (values.remove) await removeBranch({ id, apiKey }, name)
    else await tellGitHub(await openBranch({ id, apiKey }, name), process.env)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
