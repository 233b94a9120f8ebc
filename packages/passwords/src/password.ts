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

/** Costs of a hash. `memoryKiB` is in KiB. */
type Parameters = { memoryKiB: number; passes: number; parallelism: number }

/** OWASP's first choice for argon2id: https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html */
const CURRENT: Parameters = { memoryKiB: 19_456, passes: 2, parallelism: 1 }
/** What the wasm of an isolate has room for. A hash that asks for more was not made by any version of this code. */
const MOST_MEMORY_KIB = 65_536
const MOST_PASSES = 10
const SALT_BYTES = 16
const TAG_BYTES = 32
/** The library refuses shorter input. */
const MIN_INPUT_BYTES = 8

/**
 * Hashes a password: all its UTF-8 bytes, in the one Unicode form (NFC) of what keyboards compose differently, and not cut.
 *
 * @param salt fresh random bytes, unless a test needs to know them
 * @returns a PHC string, which names its parameters: https://github.com/P-H-C/phc-string-format
 */
export function hashPassword(
  compute: ComputeArgon2id,
  password: string,
  salt: Uint8Array = newSalt(),
  parameters: Parameters = CURRENT,
): string {
  return `${prefixOf(parameters)}${toBase64(salt)}$${toBase64(tagOf(compute, password, { salt, parameters }))}`
}

/**
 * Whether `password` is the one that was hashed, with the parameters that the hash names. Always computes one hash, so that
 * the time it takes does not reveal the answer.
 *
 * @param hash undefined for an account that does not exist: the answer is false after the work of a new hash
 * @throws Error for a hash that {@link hashPassword} did not make
 */
export function verifyPassword(compute: ComputeArgon2id, password: string, hash: string | undefined): boolean {
  const expected = hash === undefined ? NO_ACCOUNT : parseHash(hash)
  const tag = tagOf(compute, password, expected)
  return equalInConstantTime(tag, expected.tag) && hash !== undefined && bytesOf(password).length >= MIN_INPUT_BYTES
}

/** Whether a hash was made with other parameters than new ones are, so that it is replaced at the next sign-in. */
export function isOutdated(hash: string): boolean {
  return !hash.startsWith(prefixOf(CURRENT))
}

const prefixOf = ({ memoryKiB, passes, parallelism }: Parameters) =>
  `$argon2id$v=19$m=${memoryKiB},t=${passes},p=${parallelism}$`

const NO_ACCOUNT = { parameters: CURRENT, salt: new Uint8Array(SALT_BYTES), tag: new Uint8Array(TAG_BYTES) }

const newSalt = () => crypto.getRandomValues(new Uint8Array(SALT_BYTES))

function tagOf(
  compute: ComputeArgon2id,
  password: string,
  { salt, parameters }: { salt: Uint8Array; parameters: Parameters },
): Uint8Array {
  const bytes = bytesOf(password)
  return compute({
    password: bytes.length < MIN_INPUT_BYTES ? new Uint8Array(MIN_INPUT_BYTES) : bytes,
    salt,
    parallelism: parameters.parallelism,
    passes: parameters.passes,
    memorySize: parameters.memoryKiB,
    tagLength: TAG_BYTES,
  })
}

const HASH = /^\$argon2id\$v=19\$m=(\d{1,5}),t=(\d{1,2}),p=1\$([A-Za-z0-9+/]{22})\$([A-Za-z0-9+/]{43})$/

function parseHash(hash: string): { parameters: Parameters; salt: Uint8Array; tag: Uint8Array } {
  const [, memory, passes, salt = '', tag = ''] = HASH.exec(hash) ?? []
  const parameters = { memoryKiB: Number(memory), passes: Number(passes), parallelism: 1 }
  const isKnown = parameters.memoryKiB <= MOST_MEMORY_KIB && parameters.passes <= MOST_PASSES
  // NaN, for a text that is no hash, is not known either.
  if (!isKnown) throw new Error('Not a password hash of this service')
  return { parameters, salt: fromBase64(salt), tag: fromBase64(tag) }
}

function equalInConstantTime(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length
  for (const [index, byte] of a.entries()) difference |= byte ^ (b[index] ?? 0)
  return difference === 0
}

const bytesOf = (password: string) => new TextEncoder().encode(password.normalize('NFC'))
const toBase64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes)).replace(/=+$/, '')
const fromBase64 = (text: string) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
