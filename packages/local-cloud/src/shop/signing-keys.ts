import { existsSync, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { exportJWK, generateKeyPair } from 'jose'

/** Fresh keys for signing tokens: the value of TOKEN_SIGNING_KEYS. */
export async function newSigningKeys(): Promise<string> {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true })
  return JSON.stringify([{ ...(await exportJWK(privateKey)), kid: crypto.randomUUID(), alg: 'EdDSA', use: 'sig' }])
}

/** The keys kept in a file, made at the first start, so that tokens outlive a restart. Readable by its owner only. */
export async function keptSigningKeys(path: string): Promise<string> {
  if (existsSync(path)) return readFileSync(path, 'utf8')
  const keys = await newSigningKeys()
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, keys, { mode: 0o600 })
  return keys
}
