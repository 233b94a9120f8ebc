import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import setupWasm from 'argon2id/lib/setup.js'
import type { ComputeArgon2id } from '../workers/users/src/domain/password.ts'

/** The users worker's hash function for Node, where a .wasm file cannot be imported: for seeding and for tests. */
export function loadArgon2id(): Promise<ComputeArgon2id> {
  return setupWasm(instantiate('simd.wasm'), instantiate('no-simd.wasm'))
}

const instantiate = (file: string) => async (imports: WebAssembly.Imports) => {
  const module = await WebAssembly.compile(await readFile(fileURLToPath(import.meta.resolve(`argon2id/dist/${file}`))))
  return { module, instance: await WebAssembly.instantiate(module, imports) }
}
