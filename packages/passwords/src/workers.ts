import noSimd from 'argon2id/dist/no-simd.wasm'
import simd from 'argon2id/dist/simd.wasm'
import setupWasm from 'argon2id/lib/setup.js'
import type { ComputeArgon2id } from './password.ts'

const instantiate = (module: WebAssembly.Module) => (imports: WebAssembly.Imports) => ({
  module,
  instance: new WebAssembly.Instance(module, imports),
})

let loaded: ComputeArgon2id | undefined

/** The hash function in a worker. The isolate shares its wasm memory: 65 MiB of address space, 19 in use. */
export async function loadArgon2id(): Promise<ComputeArgon2id> {
  loaded ??= await setupWasm(instantiate(simd), instantiate(noSimd))
  return loaded
}
