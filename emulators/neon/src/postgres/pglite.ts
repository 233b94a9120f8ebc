import { mkdir, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm'
import { unaccent } from '@electric-sql/pglite/contrib/unaccent'
import { acquireLock } from '@shop/emulator-kit/lock-file'
import { beginStatement, COMMIT, type SqlBackend, type Statement, type StatementResult } from '../backend.ts'
import { isPostgresError, postgresError } from '../errors.ts'
import type { PGliteSnapshot } from './pglite-snapshot.ts'
import { runOnPGlite } from './pglite-wire.ts'
import { leavesSessionState } from './session-state.ts'

export type PGliteOptions = {
  /** Applies migrations as superuser before the first request. */
  migrate?: (db: PGlite) => Promise<void>
  /** The source of a new database. A missing snapshot is saved. It must belong to the same migrations. */
  snapshot?: PGliteSnapshot
  /** Appended to the error when the database cannot be opened. */
  repairHint?: string
}

/** Extensions that migrations may create. */
const EXTENSIONS = { pg_trgm, unaccent }

/** A stopping process closes its database within this time. */
const LOCK_WAIT_MILLISECONDS = 5000

/**
 * Opens the PGlite database in `dataDir`, creates it if missing, and locks it with `<dataDir>.lock`.
 *
 * PGlite has one session: requests run one after another, each as its role. It runs without fsync, so that a committed
 * row survives the end of the process but not of the machine.
 *
 * @throws Locked when another running process has it open
 * @throws Error when the database cannot be opened
 */
export async function openPGlite(dataDir: string, options: PGliteOptions = {}): Promise<SqlBackend> {
  await mkdir(dirname(dataDir), { recursive: true })
  const what = `The database in ${dataDir}`
  const lock = await acquireLock(`${dataDir}.lock`, { what, waitMilliseconds: LOCK_WAIT_MILLISECONDS })
  try {
    const db = await openOrCreate(dataDir, options)
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

/** `<dataDir>.unfinished` exists while a database is created. A database that was not finished is created again. */
async function openOrCreate(
  dataDir: string,
  { migrate = async () => {}, snapshot, repairHint }: PGliteOptions,
): Promise<PGlite> {
  const unfinished = `${dataDir}.unfinished`
  if (await exists(unfinished)) await rm(dataDir, { recursive: true, force: true })
  const isNew = !(await exists(join(dataDir, 'PG_VERSION')))
  if (isNew) await writeFile(unfinished, '')
  const copied = isNew && snapshot ? await unpack(dataDir, snapshot) : undefined
  const db = copied ?? (await create(dataDir, repairHint))
  try {
    await migrate(db)
  } catch (error) {
    await db.close()
    throw error
  }
  // A snapshot only saves time, so a failure to save it is ignored.
  if (isNew && !copied) await snapshot?.save(db).catch(() => {})
  await rm(unfinished, { force: true })
  return db
}

async function create(dataDir: string, repairHint: string | undefined): Promise<PGlite> {
  try {
    return await PGlite.create({ dataDir, extensions: EXTENSIONS })
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    const hint = repairHint === undefined ? '' : ` ${repairHint}`
    throw new Error(`The database in ${dataDir} cannot be opened: ${reason}.${hint}`, { cause })
  }
}

/** @returns undefined without a usable snapshot; deletes a broken one and what it left in `dataDir` */
async function unpack(dataDir: string, snapshot: PGliteSnapshot): Promise<PGlite | undefined> {
  const loadDataDir = await snapshot.load()
  if (loadDataDir === undefined) return undefined
  try {
    return await PGlite.create({ dataDir, extensions: EXTENSIONS, loadDataDir })
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
      // The role was dropped after the check.
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

/** Sets the role by name, because PGlite silently ignores RESET SESSION AUTHORIZATION. */
async function become(db: PGlite, role: string): Promise<void> {
  const quoted = `"${role.replaceAll('"', '""')}"`
  await runOnPGlite(db, [{ text: `SET SESSION AUTHORIZATION ${quoted}`, params: [] }])
}

/** Checks what a server checks at login. PGlite has no login. */
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
