import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Changes with the migrations, their order and `basis`: what else a snapshot depends on, such as the version of its
 * program.
 */
export async function migrationsHash(migrationsFolder: string, basis: readonly unknown[]): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(basis))
  const files = (await readdir(migrationsFolder)).filter((file) => file.endsWith('.sql')).sort()
  for (const file of [join('meta', '_journal.json'), ...files]) {
    const text = await readFile(join(migrationsFolder, file), 'utf8').catch(() => '')
    hash.update(JSON.stringify([file, text]))
  }
  return hash.digest('hex').slice(0, 24)
}
