import { mkdir, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm'
import { acquireLock } from '@shop/emulator-kit/lock-file'
import { beginStatement, COMMIT, type SqlBackend, type Statement, type StatementResult } from '../backend.ts'
import { isPostgresError, postgresError } from '../errors.ts'
import type { PGliteSnapshot } from './pglite-snapshot.ts'
import { runOnPGlite } from './pglite-wire.ts'
import { leavesSessionState } from './session-state.ts'

export type PGliteOptions = {
  /** Brings the schema up to date, as superuser, before the first request. */
  migrate?: (db: PGlite) => Promise<void>
  /** What a new database is made from, and kept as when there is none yet. It must be of the same migrations. */
  snapshot?: PGliteSnapshot
}

/** A process that was told to stop closes its database within this time. */
const LOCK_WAIT_MILLISECONDS = 5000

/**
 * Opens the PGlite database in `dataDir`, made if it is missing, and keeps other processes out with `<dataDir>.lock`.
 *
 * PGlite is one session: requests run one after another, each as the role it names. It runs with fsync off, so that a
 * committed row survives the death of the process, but not the machine's.
 *
 * @throws Locked when another living process has it open
 * @throws Error when what is in `dataDir` cannot be opened; the message says what to do
 */
export async function openPGlite(dataDir: string, options: PGliteOptions = {}): Promise<SqlBackend> {
  await mkdir(dirname(dataDir), { recursive: true })
  const what = `The database in ${dataDir}`
  const lock = await acquireLock(`${dataDir}.lock`, { what, waitMilliseconds: LOCK_WAIT_MILLISECONDS })
  try {
    const db = await openOrMake(dataDir, options)
    const close = async () => {
      await db.close()
      await lock.release()
    }
    return { ...serveRequests(db), close }
  } catch (error) {
    await lock.release()
    throw error
  }
}

/** `<dataDir>.unfinished` is there from the first step of making a database to the last: one left half made is made anew. */
async function openOrMake(dataDir: string, { migrate = async () => {}, snapshot }: PGliteOptions): Promise<PGlite> {
  const unfinished = `${dataDir}.unfinished`
  if (await exists(unfinished)) await rm(dataDir, { recursive: true, force: true })
  const isNew = !(await exists(join(dataDir, 'PG_VERSION')))
  if (isNew) await writeFile(unfinished, '')
  const copied = isNew && snapshot ? await unpack(dataDir, snapshot) : undefined
  const db = copied ?? (await create(dataDir))
  try {
    await migrate(db)
  } catch (error) {
    await db.close()
    throw error
  }
  // Without one the next new database takes longer, which is nothing to fail for.
  if (isNew && !copied) await snapshot?.keep(db).catch(() => {})
  await rm(unfinished, { force: true })
  return db
}

async function create(dataDir: string): Promise<PGlite> {
  try {
    return await PGlite.create({ dataDir, extensions: { pg_trgm } })
  } catch (cause) {
    throw new Error(
      `The database in ${dataDir} cannot be opened: ${cause instanceof Error ? cause.message : String(cause)}. ` +
        'To start afresh without it: npm run dev -- --reset',
      { cause },
    )
  }
}

/** @returns undefined when there is no snapshot, or it is of no use; it is then thrown away, and what it left as well */
async function unpack(dataDir: string, snapshot: PGliteSnapshot): Promise<PGlite | undefined> {
  const loadDataDir = await snapshot.load()
  if (loadDataDir === undefined) return undefined
  try {
    return await PGlite.create({ dataDir, extensions: { pg_trgm }, loadDataDir })
  } catch {
    await snapshot.discard()
    await rm(dataDir, { recursive: true, force: true })
    return undefined
  }
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined
}

function serveRequests(db: PGlite): Omit<SqlBackend, 'close'> {
  const knownRoles = new Set<string>()

  async function becomeRole(role: string): Promise<void> {
    if (!knownRoles.has(role)) {
      await become(db, 'postgres')
      await assertMayLogIn(db, role)
      knownRoles.add(role)
    }
    await become(db, role).catch((error: unknown) => {
      // Dropped since it was looked up.
      knownRoles.delete(role)
      throw isPostgresError(error) ? postgresError('28000', error.message) : error
    })
  }

  function run(role: string, statements: readonly Statement[], isDirty: boolean): Promise<StatementResult[]> {
    return db.runExclusive(async () => {
      await becomeRole(role)
      try {
        return await runOnPGlite(db, statements)
      } finally {
        if (isDirty) await cleanSession(db)
      }
    })
  }

  return {
    single: async (role, statement) =>
      (await run(role, [statement], leavesSessionState(statement.text)))[0] as StatementResult,
    batch: async (role, statements, options) => {
      const isDirty = statements.some(({ text }) => leavesSessionState(text))
      return (await run(role, [beginStatement(options), ...statements, COMMIT], isDirty)).slice(1, -1)
    },
  }
}

/** Always by name: PGlite ignores RESET SESSION AUTHORIZATION without a word. */
async function become(db: PGlite, role: string): Promise<void> {
  const quoted = `"${role.replaceAll('"', '""')}"`
  await runOnPGlite(db, [{ text: `SET SESSION AUTHORIZATION ${quoted}`, params: [] }])
}

/** What a server checks when a role logs in, and PGlite, which has no logging in, does not. */
async function assertMayLogIn(db: PGlite, role: string): Promise<void> {
  const text = 'SELECT rolcanlogin FROM pg_catalog.pg_roles WHERE rolname = $1'
  const [found] = await runOnPGlite(db, [{ text, params: [role] }])
  const mayLogIn = found?.rows[0]?.[0]
  if (mayLogIn === undefined) throw postgresError('28000', `role "${role}" does not exist`)
  if (mayLogIn !== 't') throw postgresError('28000', `role "${role}" is not permitted to log in`)
}

async function cleanSession(db: PGlite): Promise<void> {
  if (db.isInTransaction()) await runOnPGlite(db, [{ text: 'ROLLBACK', params: [] }])
  await runOnPGlite(db, [{ text: 'DISCARD ALL', params: [] }])
}
