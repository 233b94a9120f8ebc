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
const MEMORY_KIB = 19_456
const PASSES = 2
const PARALLELISM = 1
const SALT_BYTES = 16
const TAG_BYTES = 32
/** The library refuses shorter input. */
const MIN_INPUT_BYTES = 8

const PREFIX = `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${PARALLELISM}$`

/**
 * Hashes a password: all its UTF-8 bytes as they were sent, neither normalised nor cut.
 *
 * @param salt fresh random bytes, unless a test needs to know them
 * @returns a PHC string: https://github.com/P-H-C/phc-string-format
 */
export function hashPassword(compute: ComputeArgon2id, password: string, salt: Uint8Array = newSalt()): string {
  return `${PREFIX}${toBase64(salt)}$${toBase64(tagOf(compute, password, salt))}`
}

/**
 * Whether `password` is the one that was hashed. Always computes one hash, so that the time it takes does not reveal
 * the answer.
 *
 * @param hash undefined for an account that does not exist: the answer is false after the same work
 * @throws Error for a hash that {@link hashPassword} did not make
 */
export function verifyPassword(compute: ComputeArgon2id, password: string, hash: string | undefined): boolean {
  const expected = hash === undefined ? NO_ACCOUNT : parseHash(hash)
  const tag = tagOf(compute, password, expected.salt)
  return equalInConstantTime(tag, expected.tag) && hash !== undefined && utf8(password).length >= MIN_INPUT_BYTES
}

const NO_ACCOUNT = { salt: new Uint8Array(SALT_BYTES), tag: new Uint8Array(TAG_BYTES) }

const newSalt = () => crypto.getRandomValues(new Uint8Array(SALT_BYTES))

function tagOf(compute: ComputeArgon2id, password: string, salt: Uint8Array): Uint8Array {
  const bytes = utf8(password)
  return compute({
    password: bytes.length < MIN_INPUT_BYTES ? new Uint8Array(MIN_INPUT_BYTES) : bytes,
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
