import { existsSync, readFileSync } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { exportJWK, generateKeyPair } from 'jose'

/** Fresh keys for signing tokens: the value of TOKEN_SIGNING_KEYS. */
export async function newSigningKeys(): Promise<string> {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true })
  return JSON.stringify([{ ...(await exportJWK(privateKey)), kid: crypto.randomUUID(), alg: 'EdDSA', use: 'sig' }])
}

/**
 * The keys kept in a file, made at the first start, so that tokens outlive a restart. Readable by its owner only.
 *
 * @throws Error when the file is broken; the message says what to do
 */
export async function keptSigningKeys(path: string): Promise<string> {
  if (existsSync(path)) return wholeKeys(path)
  const keys = await newSigningKeys()
  await mkdir(dirname(path), { recursive: true })
  // Written atomically: half a file would break every later start.
  await writeFile(`${path}.new`, keys, { mode: 0o600 })
  await rename(`${path}.new`, path)
  return keys
}

function wholeKeys(path: string): string {
  const keys = readFileSync(path, 'utf8')
  try {
    JSON.parse(keys)
    return keys
  } catch {
    throw new Error(`${path} is broken. Delete it: new keys are made, and everybody signs in again.`)
  }
}
