import { execFile } from 'node:child_process'
import { chown, mkdir, readFile, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { assertPortIsFree, LOOPBACK } from '@shop/emulator-kit/loopback'
import { isAlive } from '@shop/emulator-kit/process-identity'
import { type Supervised, supervise } from '@shop/emulator-kit/supervise'
import getPort from 'get-port'
import { type Binaries, findBinaries } from './binaries.ts'
import { closedFolderAbove, type OsUser, osUserFor } from './os-user.ts'

export type EmbeddedOptions = {
  /** Created and initialised if missing. For root, no folder above it may be closed to other users. */
  dataDir: string
  /** 0 (the default) chooses a free port. */
  port?: number
  /** false disables fsync for speed. Data then survives the process but not the machine. */
  durable: boolean
  /** Deletes the data directory at the end, even if this process is killed. */
  temporary?: boolean
}

export type EmbeddedPostgres = {
  /** The URL of the superuser. Any role may log in from this machine without a password. */
  url: string
  stop(): Promise<void>
}

const SUPERUSER = 'postgres'
const MAX_CONNECTIONS = 100
const READY = 'database system is ready to accept connections'
const START_ATTEMPTS = 5
const SHUTDOWN_MILLISECONDS = 20_000
const SHUTDOWN_WAIT_MILLISECONDS = 10_000
const ENVIRONMENT = { ...process.env, LC_ALL: 'C', LC_MESSAGES: 'C', TZ: 'UTC' }

/**
 * Starts a real PostgreSQL 18 on 127.0.0.1. It ends with this process, even if this process is killed.
 *
 * @throws PortTaken
 * @throws Error with PostgreSQL's own message when it does not start
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const dataDir = resolve(options.dataDir)
  const user = await osUserFor(dataDir)
  const binaries = await findBinaries(user)
  if (options.port) await assertPortIsFree(options.port, 'PostgreSQL')
  await previousServerEnded(dataDir)

  for (let attempt = 1; ; attempt += 1) {
    // In every attempt, because a failed one deletes a temporary directory.
    await prepareDataDir(dataDir, user)
    if (!(await exists(join(dataDir, 'PG_VERSION')))) await initialise(binaries, dataDir, user, options.durable)
    const port = options.port || (await getPort())
    const server = await launch(binaries, dataDir, user, port, options)
    const failure = await startFailure(server)
    if (failure === undefined) {
      return {
        url: `postgres://${SUPERUSER}@${LOOPBACK}:${port}/postgres`,
        stop: async () => {
          await server.stop()
        },
      }
    }
    await server.stop()
    const mayTryAnotherPort = !options.port && failure.includes('could not bind') && attempt < START_ATTEMPTS
    if (!mayTryAnotherPort) throw new Error(`PostgreSQL did not start in ${dataDir}:\n${failure.trim()}`)
  }
}

/**
 * Waits for the shutdown of a server whose parent was killed. If that server keeps running, PostgreSQL refuses to start
 * and names it.
 */
async function previousServerEnded(dataDir: string): Promise<void> {
  const file = await readFile(join(dataDir, 'postmaster.pid'), 'utf8').catch(() => '')
  const pid = Number.parseInt(file, 10)
  const deadline = Date.now() + SHUTDOWN_WAIT_MILLISECONDS
  while (pid > 0 && isAlive(pid) && Date.now() < deadline) await sleep(50)
}

async function prepareDataDir(dataDir: string, user: OsUser | undefined): Promise<void> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  if (user === undefined) return
  const closed = await closedFolderAbove(dataDir, user)
  if (closed !== undefined) {
    throw new Error(
      `As root, PostgreSQL runs as ${user.name}, who cannot reach ${dataDir}: ${closed} is closed to others. ` +
        'Use the pglite engine, run as an ordinary user, or keep the data elsewhere.',
    )
  }
  await chown(dataDir, user.uid, user.gid)
}

async function initialise(binaries: Binaries, dataDir: string, user: OsUser | undefined, durable: boolean) {
  const args = [
    `--pgdata=${dataDir}`,
    `--username=${SUPERUSER}`,
    '--auth=trust',
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    '--no-instructions',
    ...(durable ? [] : ['--no-sync']),
  ]
  const identity = user ? { uid: user.uid, gid: user.gid } : {}
  await promisify(execFile)(binaries.initdb, args, { cwd: dataDir, env: ENVIRONMENT, ...identity })
}

function launch(
  binaries: Binaries,
  dataDir: string,
  user: OsUser | undefined,
  port: number,
  { durable, temporary }: EmbeddedOptions,
): Promise<Supervised> {
  const settings = {
    listen_addresses: LOOPBACK,
    unix_socket_directories: '',
    max_connections: MAX_CONNECTIONS,
    timezone: 'UTC',
    log_min_messages: 'warning',
    log_min_error_statement: 'panic',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  }
  const args = ['-D', dataDir, '-p', String(port), ...Object.entries(settings).flatMap(([k, v]) => ['-c', `${k}=${v}`])]
  return supervise(binaries.postgres, args, {
    cwd: dataDir,
    env: ENVIRONMENT,
    // "Fast shutdown": rolls back open transactions and writes a checkpoint.
    stopSignal: 'SIGINT',
    graceMilliseconds: SHUTDOWN_MILLISECONDS,
    ...(user ? { uid: user.uid, gid: user.gid } : {}),
    ...(temporary ? { removeWhenDone: dataDir } : {}),
  })
}

/** Waits until the server accepts connections. @returns undefined then, or its log if it ended before */
function startFailure(server: Supervised): Promise<string | undefined> {
  return new Promise((resolve) => {
    let log = ''
    let isReady = false
    server.stdout?.resume()
    server.stderr?.setEncoding('utf8').on('data', (text: string) => {
      // Keeps reading when the server is ready, because a full pipe would block it.
      if (isReady) return
      log += text
      isReady = log.includes(READY)
      if (isReady) resolve(undefined)
    })
    server.exited.then(() => resolve(log || 'It ended without a message.'))
  })
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined
}
