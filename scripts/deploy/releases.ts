import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { ROOT, type WorkerConfig } from './configs.ts'
import { complaintOf, succeed, type Wrangler } from './wrangler.ts'

/** One file per deployment: the versions that were live before it. Kept with all other local files (LOCAL_DIR). */
export const RELEASES = join(resolve(ROOT, process.env.LOCAL_DIR ?? '.local'), 'releases')

const releaseSchema = z.object({
  startedAt: z.string(),
  /** In the order of deployment. `before` is null for a worker that was not live. */
  workers: z.array(z.object({ name: z.string(), path: z.string(), before: z.string().nullable() })),
})
export type Release = z.infer<typeof releaseSchema>

const deploymentSchema = z.object({
  versions: z.array(z.object({ version_id: z.string(), percentage: z.number() })),
})

/**
 * The version that serves a worker, or the one with most of the traffic; null when the worker does not exist.
 *
 * @throws Error when wrangler fails, which must not be read as "does not exist"
 */
async function liveVersion(path: string, run: Wrangler): Promise<string | null> {
  const answer = await run(['deployments', 'status', '--json', '-c', path])
  if (answer.code !== 0) {
    // 10007 and 10090 are Cloudflare's codes for a worker that does not exist.
    if (/has no deployments|\[code: (10007|10090)\]/.test(answer.stdout + answer.stderr)) return null
    throw new Error(`Cannot read the live version of ${path}:\n${complaintOf(answer)}`)
  }
  const { versions } = deploymentSchema.parse(JSON.parse(answer.stdout))
  return versions.toSorted((one, other) => other.percentage - one.percentage)[0]?.version_id ?? null
}

/** Records the live versions, for a rollback. */
export async function recordRelease(
  configs: WorkerConfig[],
  options: { run: Wrangler; now: Date; folder?: string },
): Promise<string> {
  const { run, now, folder = RELEASES } = options
  const workers: Release['workers'] = []
  for (const { name, path } of configs) workers.push({ name, path, before: await liveVersion(path, run) })
  const release: Release = { startedAt: now.toISOString(), workers }
  await mkdir(folder, { recursive: true })
  const file = join(folder, `${release.startedAt.replaceAll(':', '-')}.json`)
  await writeFile(file, `${JSON.stringify(release, null, 2)}\n`)
  return file
}

/** @param path a release file, or a folder of which the latest release is used */
export async function readRelease(path: string): Promise<Release> {
  const names = await readdir(path).catch(() => undefined)
  const latest = names
    ?.filter((name) => name.endsWith('.json'))
    .sort()
    .at(-1)
  if (names !== undefined && latest === undefined) throw new Error(`No release in ${path}`)
  const file = latest === undefined ? path : join(path, latest)
  return releaseSchema.parse(JSON.parse(await readFile(file, 'utf8')))
}

/**
 * Restores every worker to its version before the release, callers before those they call. If one worker fails, the
 * others are still restored.
 *
 * @returns the workers that could not be rolled back
 */
export async function rollBack(release: Release, run: Wrangler): Promise<string[]> {
  const failed: string[] = []
  for (const worker of release.workers.toReversed()) {
    try {
      console.log(`${worker.name}: ${await rollBackWorker(worker, release, run)}`)
    } catch (error) {
      failed.push(worker.name)
      console.error(`${worker.name}: ${error instanceof Error ? error.message : error}`)
    }
  }
  return failed
}

async function rollBackWorker(
  { path, before }: Release['workers'][number],
  { startedAt }: Release,
  run: Wrangler,
): Promise<string> {
  if (before === null) return 'was not live before, unchanged'
  if ((await liveVersion(path, run)) === before) return 'already live'
  await succeed(run, ['rollback', before, '-c', path, '--message', `Rollback to before ${startedAt}`, '-y'])
  return `restored ${before}`
}
