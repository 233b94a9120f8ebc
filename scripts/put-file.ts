import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Writes a file whole or not at all, and only if it is another one: somebody may be reading it meanwhile. */
export async function putFile(path: string, content: Uint8Array): Promise<void> {
  const existing = await readFile(path).catch(() => undefined)
  if (existing?.equals(content)) return
  await mkdir(dirname(path), { recursive: true })
  const unfinished = `${path}.${crypto.randomUUID()}`
  await writeFile(unfinished, content)
  await rename(unfinished, path)
}
