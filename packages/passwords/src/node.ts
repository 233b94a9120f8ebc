import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import setupWasm from 'argon2id/lib/setup.js'
import type { ComputeArgon2id } from './password.ts'

/** The hash function in Node, where a .wasm file cannot be imported: for the seed, the benchmarks and tests. */
export function loadArgon2id(): Promise<ComputeArgon2id> {
  return setupWasm(instantiate('simd.wasm'), instantiate('no-simd.wasm'))
}

const instantiate = (file: string) => async (imports: WebAssembly.Imports) => {
  const module = await WebAssembly.compile(await readFile(fileURLToPath(import.meta.resolve(`argon2id/dist/${file}`))))
  return { module, instance: await WebAssembly.instantiate(module, imports) }
}
