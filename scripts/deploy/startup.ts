import { readFileSync } from 'node:fs'
import type { WorkerConfig } from './configs.ts'
import { openBundle } from './open-bundle.ts'

/** Loads the bundle only on request, after everything else has been loaded. */
const ENTRY = `export default {
  async fetch(request) {
    if (new URL(request.url).pathname === '/load') await import('./index.js')
    return new Response()
  },
}`

/** Measures one start of a worker, in milliseconds. */
export type MeasureStart = (config: WorkerConfig, folder: string) => Promise<number>

/**
 * CPU time in which workerd compiles a bundle and runs its top level.
 *
 * Not by `wrangler check startup`, whose profile counts the time on the clock: on a busy machine that is two to four times
 * the time on the CPU. Without Linux's /proc it is the time on the clock here, too.
 */
export const measureStart: MeasureStart = async (config, folder) => {
  const miniflare = await openBundle(config, folder, { entry: ENTRY })
  try {
    const get = async (path: string) => (await miniflare.dispatchFetch(`https://worker.internal${path}`)).text()
    await get('/')
    const elapsedMs = clockOf(runningWorkerd())
    const startedAt = elapsedMs()
    await get('/load')
    return elapsedMs() - startedAt
  } finally {
    await miniflare.dispose()
  }
}

/** @returns the process id of this process's workerd, undefined where /proc does not tell */
function runningWorkerd(): string | undefined {
  try {
    const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8').split(' ')
    return children.find((pid) => pid !== '' && readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('workerd'))
  } catch {
    return undefined
  }
}

/** The CPU time of a process's main thread, which runs JavaScript: the first figure of schedstat, in nanoseconds. */
function clockOf(pid: string | undefined): () => number {
  if (pid === undefined) return () => performance.now()
  return () => Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6
}
