import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { zstdCompress, zstdDecompress } from 'node:zlib'
import type { PGlite } from '@electric-sql/pglite'

/** A migrated, empty PGlite database as a file, so that not every new one is initialised and migrated afresh. */
export type PGliteSnapshot = {
  /** undefined when there is none yet, or it cannot be read. */
  load(): Promise<Blob | undefined>
  /** Takes it from a database that has been migrated and holds nothing else. Older ones are thrown away. */
  keep(db: PGlite): Promise<void>
  discard(): Promise<void>
}

/** To be raised when what a snapshot holds is made in another way than by PGlite and the migrations. */
const FORMAT = 1
const PREFIX = 'pglite-'

/** The snapshot for these very migrations and this very PGlite, in a folder that may be deleted at any time. */
export async function pgliteSnapshot(cacheDir: string, migrationsFolder: string): Promise<PGliteSnapshot> {
  const name = `${PREFIX}${await snapshotKey(migrationsFolder)}.tar.zst`
  const path = join(cacheDir, name)
  return {
    load: async () => {
      const packed = await readFile(path).catch(() => undefined)
      const tar = packed && (await promisify(zstdDecompress)(packed).catch(() => undefined))
      return tar && new Blob([Uint8Array.from(tar)])
    },
    keep: async (db) => {
      const tar = Buffer.from(await (await db.dumpDataDir('none')).arrayBuffer())
      await mkdir(cacheDir, { recursive: true })
      // Another process may be reading, or writing the same: only a whole file gets the name.
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

/** Differs whenever a database made from the migrations could: other files, another order, another PGlite. */
export async function snapshotKey(migrationsFolder: string): Promise<string> {
  const program = createRequire(import.meta.url).resolve('@electric-sql/pglite')
  const { version } = JSON.parse(await readFile(join(dirname(program), '..', 'package.json'), 'utf8')) as {
    version: string
  }
  const hash = createHash('sha256').update(JSON.stringify([FORMAT, version]))
  const files = (await readdir(migrationsFolder)).filter((file) => file.endsWith('.sql')).sort()
  for (const file of [join('meta', '_journal.json'), ...files]) {
    const text = await readFile(join(migrationsFolder, file), 'utf8').catch(() => '')
    hash.update(JSON.stringify([file, text]))
  }
  return hash.digest('hex').slice(0, 24)
}
