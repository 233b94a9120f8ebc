import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createClient } from '@redis/client'
import { LOOPBACK } from '@shop/emulator-kit/loopback'
import { Redis, type RedisConfigNodejs } from '@upstash/redis'
import getPort from 'get-port'
import { onTestFinished } from 'vitest'
import { startUpstashEmulator, type UpstashEmulator, type UpstashOptions } from '../src/index.ts'

export const TOKEN = 'local-upstash-token'

/** Prefix of every key of a test run, so that a Redis with other data is left unchanged. */
export const RUN = `upstash-emulator-test:${randomUUID()}`

/** The real client for an emulator. By default (`enableAutoPipelining`) it sends even one command as a pipeline. */
export function client(at: { url: string; token: string }, settings: Partial<RedisConfigNodejs> = {}): Redis {
  return new Redis({ url: at.url, token: at.token, enableTelemetry: false, retry: { retries: 0 }, ...settings })
}

/** An emulator for one test, closed when it ends. */
export async function startEmulator(
  options: Partial<UpstashOptions> = {},
): Promise<{ server: UpstashEmulator; redis: Redis; post: ReturnType<typeof poster> }> {
  const server = await startUpstashEmulator({ token: TOKEN, ...options })
  onTestFinished(() => server.close())
  return { server, redis: client(server), post: poster(server) }
}

/** Posts JSON directly, for details that the client hides. */
export function poster({ url, token }: { url: string; token: string }) {
  return async (path: string, body: unknown, headers: Record<string, string> = {}) => {
    const answer = await fetch(url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, ...headers },
      body: JSON.stringify(body),
    })
    return { status: answer.status, headers: answer.headers, body: (await answer.json()) as unknown }
  }
}

export type EngineUnderTest = {
  name: string
  available: boolean
  /** False for the Redis of REDIS_URL, which may hold other data. */
  ownsData: boolean
  open(): Promise<{ server: UpstashEmulator; close(): Promise<void> }>
}

const redisServer = (process.env.PATH ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'redis-server'))
  .find(isProgram)
const redisUrl = process.env.REDIS_URL

export const IN_PROCESS: EngineUnderTest = {
  name: 'the in-process engine',
  available: true,
  ownsData: true,
  open: () => open({}),
}

/** Available when REDIS_URL names a Redis or redis-server is installed. */
export const REAL_REDIS: EngineUnderTest =
  redisUrl === undefined
    ? {
        name: redisServer ? `a real Redis (${redisServer})` : 'a real Redis (skipped: no REDIS_URL, no redis-server)',
        available: redisServer !== undefined,
        ownsData: true,
        open: openRedisServer,
      }
    : { name: 'the Redis of REDIS_URL', available: true, ownsData: false, open: () => openSharedRedis(redisUrl) }

export const ENGINES = [IN_PROCESS, REAL_REDIS]

async function open(options: { redisUrl?: string }) {
  const server = await startUpstashEmulator({ token: TOKEN, ...options })
  return { server, close: () => server.close() }
}

async function openSharedRedis(redisUrl: string) {
  const { server, close } = await open({ redisUrl })
  const deleteKeysAndClose = async () => {
    const redis = client(server)
    const left = await redis.keys(`${RUN}:*`)
    if (left.length > 0) await redis.del(...left)
    await close()
  }
  return { server, close: deleteKeysAndClose }
}

async function openRedisServer() {
  const port = await getPort()
  const options = ['--port', String(port), '--bind', LOOPBACK, '--save', '', '--appendonly', 'no']
  const child = spawn(redisServer ?? 'redis-server', options, { stdio: 'ignore' })
  const exited = once(child, 'exit')
  const url = `redis://${LOOPBACK}:${port}`
  await untilRedisAnswers(url)
  const opened = await open({ redisUrl: url })
  const close = async () => {
    await opened.close()
    child.kill()
    await exited
  }
  return { server: opened.server, close }
}

async function untilRedisAnswers(url: string): Promise<void> {
  const probe = createClient({ url, socket: { reconnectStrategy: 20 } }).on('error', () => {})
  await probe.connect()
  await probe.close()
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

export async function until(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await sleep(5)
}
