import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Writes a file atomically, and only if its content changes: another process may be reading it. */
export async function putFile(path: string, content: Uint8Array): Promise<void> {
  const existing = await readFile(path).catch(() => undefined)
  if (existing?.equals(content)) return
  await mkdir(dirname(path), { recursive: true })
  const unfinished = `${path}.${crypto.randomUUID()}`
  await writeFile(unfinished, content)
  await rename(unfinished, path)
}
