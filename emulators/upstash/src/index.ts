import { LOOPBACK, listenOnLoopback } from '@shop/emulator-kit/loopback'
import { TraceCounts } from '@shop/emulator-kit/trace-counts'
import { Engine } from './engine/engine.ts'
import { Faults } from './faults.ts'
import { connectRedis } from './real-redis/connect-redis.ts'
import type { KeyInfo } from './redis/backend.ts'
import type { Core } from './rest/answer.ts'
import { createUpstashServer } from './rest/server.ts'

export type { Fault, FaultEffect, FaultHandle, FaultMatch, Faults } from './faults.ts'
export type { KeyInfo } from './redis/backend.ts'

export type UpstashOptions = {
  /** 0 (the default) chooses a free port. */
  port?: number
  /** The token that clients must send: `UPSTASH_REDIS_REST_TOKEN`. */
  token: string
  /** `redis://…` or `rediss://…` runs commands on that Redis. By default they run in this process's memory. */
  redisUrl?: string | undefined
  /** The caller's name of the setting `redisUrl`, for error messages. */
  redisUrlSetting?: string
  /** Serves `/_control/faults` to other processes, which must send the token. Default false. */
  control?: boolean
  /** The clock of the in-process engine, for tests of expiry. A real Redis uses its own. */
  now?: () => Date
}

export type UpstashCounts = {
  /** HTTP requests since the last reset, including refused ones. */
  requests: number
  /** The commands in those requests; a pipeline has several. */
  commands: number
}

export type UpstashEmulator = {
  port: number
  /** For `UPSTASH_REDIS_REST_URL`. */
  url: string
  token: string
  engine: 'in-process' | 'redis'
  counts(): UpstashCounts
  /** Requests per trace. */
  traces: TraceCounts
  resetCounts(): void
  faults: Faults
  /** Up to 1000 keys, for a status page. */
  keys(): Promise<KeyInfo[]>
  /** Stops at once and cuts running requests. Keys in memory are lost. Safe to call twice. */
  close(): Promise<void>
}

const MOST_KEYS = 1000

/**
 * Starts an Upstash Redis REST endpoint on 127.0.0.1 for @upstash/redis 1.39 and @upstash/ratelimit 2.2. A development
 * tool. It runs in the calling process and writes nothing to disk.
 *
 * @throws PortTaken
 * @throws Error when no Redis answers at `redisUrl`
 */
export async function startUpstashEmulator(options: UpstashOptions): Promise<UpstashEmulator> {
  const { token, redisUrl, redisUrlSetting = 'redisUrl', control = false, now = () => new Date() } = options
  const backend = redisUrl === undefined ? new Engine(now) : await connectRedis(redisUrl, redisUrlSetting)
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
