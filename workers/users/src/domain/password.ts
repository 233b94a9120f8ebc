/** The argon2id function of npm `argon2id`, however its wasm was loaded. Blocks for the whole computation. */
export type ComputeArgon2id = (parameters: {
  password: Uint8Array
  salt: Uint8Array
  parallelism: number
  passes: number
  /** KiB */
  memorySize: number
  tagLength: number
}) => Uint8Array

/** OWASP's first choice for argon2id: https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html */
export const MEMORY_KIB = 19_456
export const PASSES = 2
export const PARALLELISM = 1
export const SALT_BYTES = 16
const TAG_BYTES = 32
/** The library takes no shorter one. */
const SHORTEST_INPUT = 8

const PREFIX = `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${PARALLELISM}$`

/**
 * Hashes a password: its UTF-8 bytes as they were sent, all of them, neither normalised nor cut.
 *
 * @param salt {@link SALT_BYTES} random bytes, fresh for each password
 * @returns a PHC string: https://github.com/P-H-C/phc-string-format
 */
export function hashPassword(compute: ComputeArgon2id, password: string, salt: Uint8Array): string {
  return `${PREFIX}${toBase64(salt)}$${toBase64(tagOf(compute, password, salt))}`
}

/**
 * Whether `password` is the one that was hashed. Always computes one hash, whatever it is given, so that the time says
 * nothing of the answer.
 *
 * @param hash null for an account that does not exist: the answer is false after the same work
 * @throws Error for a hash that {@link hashPassword} did not make
 */
export function verifyPassword(compute: ComputeArgon2id, password: string, hash: string | null): boolean {
  const expected = hash === null ? NOBODY : parseHash(hash)
  const tag = tagOf(compute, password, expected.salt)
  return equalInConstantTime(tag, expected.tag) && hash !== null && utf8(password).length >= SHORTEST_INPUT
}

const NOBODY = { salt: new Uint8Array(SALT_BYTES), tag: new Uint8Array(TAG_BYTES) }

function tagOf(compute: ComputeArgon2id, password: string, salt: Uint8Array): Uint8Array {
  const bytes = utf8(password)
  return compute({
    password: bytes.length < SHORTEST_INPUT ? new Uint8Array(SHORTEST_INPUT) : bytes,
    salt,
    parallelism: PARALLELISM,
    passes: PASSES,
    memorySize: MEMORY_KIB,
    tagLength: TAG_BYTES,
  })
}

function parseHash(hash: string): { salt: Uint8Array; tag: Uint8Array } {
  const [salt, tag, ...rest] = hash.startsWith(PREFIX) ? hash.slice(PREFIX.length).split('$') : []
  if (salt === undefined || tag === undefined || rest.length > 0) throw new Error('Not a password hash of this service')
  return { salt: fromBase64(salt), tag: fromBase64(tag) }
}

function equalInConstantTime(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length
  for (const [index, byte] of a.entries()) difference |= byte ^ (b[index] ?? 0)
  return difference === 0
}

const utf8 = (text: string) => new TextEncoder().encode(text)
const toBase64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes)).replace(/=+$/, '')
const fromBase64 = (text: string) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
