import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { zstdCompress, zstdDecompress } from 'node:zlib'
import type { PGlite } from '@electric-sql/pglite'
import { migrationsHash } from './migrations-hash.ts'

/** A migrated, empty PGlite database in a file, from which new databases are copied. */
export type PGliteSnapshot = {
  /** undefined when there is no readable snapshot. */
  load(): Promise<Blob | undefined>
  /** Saves a migrated database without other data. Deletes other snapshots. */
  save(db: PGlite): Promise<void>
  discard(): Promise<void>
}

/** Increase it when a snapshot depends on more than PGlite and the migrations. */
const FORMAT = 1
const PREFIX = 'pglite-'

/** The snapshot for these migrations and this version of PGlite. `cacheDir` may be deleted at any time. */
export async function pgliteSnapshot(cacheDir: string, migrationsFolder: string): Promise<PGliteSnapshot> {
  const name = `${PREFIX}${await snapshotKey(migrationsFolder)}.tar.zst`
  const path = join(cacheDir, name)
  return {
    load: async () => {
      const packed = await readFile(path).catch(() => undefined)
      const tar = packed && (await promisify(zstdDecompress)(packed).catch(() => undefined))
      return tar && new Blob([Uint8Array.from(tar)])
    },
    save: async (db) => {
      const tar = Buffer.from(await (await db.dumpDataDir('none')).arrayBuffer())
      await mkdir(cacheDir, { recursive: true })
      // Another process may read or write the same snapshot, so only a complete file gets its name.
      const draft = `${path}.${process.pid}`
      await writeFile(draft, await promisify(zstdCompress)(tar))
      await rename(draft, path)
      for (const other of await readdir(cacheDir)) {
        if (other.startsWith(PREFIX) && other !== name) await rm(join(cacheDir, other), { force: true })
      }
    },
    discard: () => rm(path, { force: true }),
  }
}

/** Changes with the migrations, their order and the version of PGlite. */
export async function snapshotKey(migrationsFolder: string): Promise<string> {
  const program = createRequire(import.meta.url).resolve('@electric-sql/pglite')
  const { version } = JSON.parse(await readFile(join(dirname(program), '..', 'package.json'), 'utf8')) as {
    version: string
  }
  return migrationsHash(migrationsFolder, [FORMAT, version])
}
