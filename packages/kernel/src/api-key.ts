/** `secret`: of a machine of the shop; `publishable`: of a storefront, where everybody can read it. */
export const API_KEY_KINDS = ['secret', 'publishable'] as const
export type ApiKeyKind = (typeof API_KEY_KINDS)[number]

const PREFIXES: Record<ApiKeyKind, string> = { secret: 'shop_sk_', publishable: 'shop_pk_' }

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
/** 24 bytes are at most 33 digits of base 62, and a CRC-32 at most 6. */
const RANDOM_BYTES = 24
const RANDOM_DIGITS = 33
const CHECK_DIGITS = 6
const FORM = new RegExp(`^(shop_[sp]k_)([0-9A-Za-z]{${RANDOM_DIGITS}})([0-9A-Za-z]{${CHECK_DIGITS}})$`)

/**
 * A new key: its prefix, 192 random bits, and a checksum of both, by which a typo is refused without a lookup, and scanners of
 * repositories know a real key. Source: https://github.blog/engineering/behind-githubs-new-authentication-token-formats/
 *
 * @param random 24 random bytes
 */
export function newApiKey(kind: ApiKeyKind, random: Uint8Array): string {
  if (random.byteLength !== RANDOM_BYTES) throw new RangeError(`A key needs ${RANDOM_BYTES} random bytes`)
  const number = random.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
  const body = `${PREFIXES[kind]}${base62(number, RANDOM_DIGITS)}`
  return `${body}${checksum(body)}`
}

/** Whether a bearer credential claims to be a key; a mistyped one does. */
export const isApiKeyLike = (text: string): boolean => text.startsWith('shop_')

/** The kind of a key; undefined for a text that cannot be one. It says nothing of whether there is such a key. */
export function apiKeyKind(text: string): ApiKeyKind | undefined {
  const [, prefix = '', digits = '', check] = FORM.exec(text) ?? []
  if (check === undefined || checksum(`${prefix}${digits}`) !== check) return undefined
  return API_KEY_KINDS.find((kind) => PREFIXES[kind] === prefix)
}

/** The characters by which staff recognize a key; far too few to guess the others. */
export const apiKeyHint = (key: string): string => key.slice(0, PREFIXES.secret.length + 4)

function base62(number: bigint, digits: number): string {
  let rest = number
  let text = ''
  while (text.length < digits) {
    text = `${ALPHABET[Number(rest % 62n)]}${text}`
    rest /= 62n
  }
  return text
}

const checksum = (text: string): string => base62(BigInt(crc32(new TextEncoder().encode(text))), CHECK_DIGITS)

/** CRC-32 of ISO 3309, as in zip files. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  }
  return (crc ^ 0xffffffff) >>> 0
}
