import { execFileSync } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'

/** The user that PostgreSQL runs as, where that is not the user of this process. */
export type OsUser = { name: string; uid: number; gid: number }

const EXECUTE_BY_OTHERS = 0o001
/** 'nobody' exists on every Linux and macOS; 'postgres' is there when its package is. */
const CANDIDATES = ['postgres', 'nobody']

/**
 * PostgreSQL refuses to run as root.
 *
 * @param dataDir a database made before keeps the user who made it
 * @returns undefined for an ordinary user, who runs it under its own name
 */
export async function osUserFor(dataDir: string): Promise<OsUser | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const made = await stat(join(dataDir, 'PG_VERSION')).catch(() => undefined)
  if (made && made.uid !== 0) return { name: `user ${made.uid}`, uid: made.uid, gid: made.gid }
  for (const name of CANDIDATES) {
    const found = lookUp(name)
    if (found) return found
  }
  throw new Error('PostgreSQL does not run as root, and this machine has neither a user "postgres" nor "nobody".')
}

function lookUp(name: string): OsUser | undefined {
  try {
    const id = (flag: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: 'pipe' }))
    return { name, uid: id('-u'), gid: id('-g') }
  } catch {
    return undefined
  }
}

/**
 * The folder on the way to `path` that keeps another user out, such as a home with mode 0700.
 *
 * @returns undefined when the way is open
 */
export async function closedFolderAbove(path: string, user: OsUser): Promise<string | undefined> {
  for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
    const found = await stat(folder).catch(() => undefined)
    if (found && found.uid !== user.uid && (found.mode & EXECUTE_BY_OTHERS) === 0) return folder
    if (folder === dirname(folder)) return undefined
  }
}
