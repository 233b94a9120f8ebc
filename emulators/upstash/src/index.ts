import { LOOPBACK, listenOnLoopback } from '@shop/emulator-kit/loopback'
import { TraceCounts } from '@shop/emulator-kit/trace-counts'
import type { Core } from './answer.ts'
import type { KeyInfo } from './backend.ts'
import { Engine } from './engine/engine.ts'
import { Faults } from './faults.ts'
import { connectRedis } from './real-redis.ts'
import { createUpstashServer } from './server.ts'

export type { KeyInfo } from './backend.ts'
export type { Fault, FaultEffect, FaultHandle, FaultMatch, Faults } from './faults.ts'

export type UpstashOptions = {
  /** 0 (the default) takes a free one. */
  port?: number
  /** What clients must send as `UPSTASH_REDIS_REST_TOKEN`. */
  token: string
  /** `redis://…` or `rediss://…`: commands run there; left out, in this process's memory. */
  redisUrl?: string | undefined
  /** Whether `/_control/faults` answers other processes, which must send the token. */
  control?: boolean
  /** The clock of the engine in this process, for tests of what expires; a real Redis has its own. */
  now?: () => Date
}

export type UpstashCounts = {
  /** HTTP requests since the last reset, refused ones included: what each caller waited for. */
  requests: number
  /** Commands in them; a pipeline has several. */
  commands: number
}

export type UpstashEmulator = {
  port: number
  /** For `UPSTASH_REDIS_REST_URL`. */
  url: string
  token: string
  engine: 'in-process' | 'redis'
  counts(): UpstashCounts
  /** Requests by trace. */
  traces: TraceCounts
  resetCounts(): void
  faults: Faults
  /** At most 1000 keys, for a status page. */
  keys(): Promise<KeyInfo[]>
  /** Ends at once; requests under way are cut. Keys in this process's memory are gone. Safe to call twice. */
  close(): Promise<void>
}

const MOST_KEYS = 1000

/**
 * Starts an Upstash Redis REST endpoint on 127.0.0.1, as @upstash/redis 1.39 and @upstash/ratelimit 2.2 speak it. A
 * development tool. It runs in the process that starts it and blocks it no longer than a command takes; nothing is
 * kept on disk, since Redis holds only caches and counters here.
 *
 * @throws PortTaken
 * @throws Error when there is no Redis at `redisUrl`; the message says so
 */
export async function startUpstashEmulator(options: UpstashOptions): Promise<UpstashEmulator> {
  const { token, redisUrl, control = false, now = () => new Date() } = options
  const backend = redisUrl === undefined ? new Engine(now) : await connectRedis(redisUrl)
  const stopping = new AbortController()
  const counts = { requests: 0, commands: 0 }
  const traces = new TraceCounts()
  const core: Core = { backend, token, counts, traces, faults: new Faults(), control, stopping: stopping.signal }
  const server = createUpstashServer(core)
  const port = await listenOnLoopback(server, options.port ?? 0, 'the Upstash endpoint').catch(async (error) => {
    await backend.close()
    throw error
  })
  let closed: Promise<void> | undefined
  const stop = async () => {
    const ended = new Promise((resolve) => server.close(resolve))
    stopping.abort()
    server.closeAllConnections()
    await ended
    await backend.close()
  }
  return {
    port,
    url: `http://${LOOPBACK}:${port}`,
    token,
    engine: redisUrl === undefined ? 'in-process' : 'redis',
    counts: () => ({ ...counts }),
    traces,
    resetCounts: () => Object.assign(counts, { requests: 0, commands: 0 }),
    faults: core.faults,
    keys: () => backend.keys(MOST_KEYS),
    close() {
      closed ??= stop()
      return closed
    },
  }
}
