import { execFileSync } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'

/** The user that PostgreSQL runs as, if it is not this process's user. */
export type OsUser = { name: string; uid: number; gid: number }

const EXECUTE_BY_OTHERS = 0o001
/** 'nobody' exists on every Linux and macOS; 'postgres' exists when its package is installed. */
const CANDIDATES = ['postgres', 'nobody']

/**
 * The user that runs PostgreSQL, which refuses to run as root.
 *
 * @param dataDir an existing database keeps its owner
 * @returns undefined when this process's user is not root and runs PostgreSQL itself
 */
export async function osUserFor(dataDir: string): Promise<OsUser | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const existing = await stat(join(dataDir, 'PG_VERSION')).catch(() => undefined)
  if (existing && existing.uid !== 0) {
    return { name: `user ${existing.uid}`, uid: existing.uid, gid: existing.gid }
  }
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
 * The folder above `path` that `user` cannot enter, such as a home with mode 0700.
 *
 * @returns undefined when `user` can reach `path`
 */
export async function closedFolderAbove(path: string, user: OsUser): Promise<string | undefined> {
  for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
    const found = await stat(folder).catch(() => undefined)
    if (found && found.uid !== user.uid && (found.mode & EXECUTE_BY_OTHERS) === 0) return folder
    if (folder === dirname(folder)) return undefined
  }
}
