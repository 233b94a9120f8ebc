import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm'
import { beginStatement, COMMIT, type SqlBackend, type Statement, type StatementResult } from '../neon/backend.ts'
import { isPostgresError, postgresError } from '../neon/errors.ts'
import { acquireLock } from '../process/lock-file.ts'
import { runOnPGlite } from './pglite-wire.ts'
import { leavesSessionState } from './session-state.ts'

export type OpenedPGlite = SqlBackend & {
  /** The database itself, as superuser: for migrating before the first request. */
  db: PGlite
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
 */
export async function openPGlite(dataDir: string): Promise<OpenedPGlite> {
  await mkdir(dirname(dataDir), { recursive: true })
  const what = `The database in ${dataDir}`
  const lock = await acquireLock(`${dataDir}.lock`, { what, waitMilliseconds: LOCK_WAIT_MILLISECONDS })
  try {
    const db = await PGlite.create({ dataDir, extensions: { pg_trgm } })
    const close = async () => {
      await db.close()
      await lock.release()
    }
    return { db, ...serveRequests(db), close }
  } catch (error) {
    await lock.release()
    throw error
  }
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
