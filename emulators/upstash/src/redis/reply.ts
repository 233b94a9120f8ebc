/**
 * Bytes as text, one character from U+0000 to U+00FF per byte. Redis strings are bytes, and JavaScript compares, slices
 * and hashes strings fastest.
 */
export type Bytes = string

/** A name and its arguments. */
export type Command = readonly [Bytes, ...Bytes[]]

/** A status reply such as `OK`. The REST protocol encodes it differently from a stored string with the same letters. */
export class Status {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

export const OK = new Status('OK')

/**
 * A refusal by Redis that starts with its code: `WRONGTYPE Operation against …`. Commands throw it; replies hold it.
 */
export class RedisError extends Error {
  override readonly name = 'RedisError'
}

/** A reply in RESP2's types. Text is a bulk string; numbers are Redis integers. */
export type Reply = Bytes | number | null | Status | RedisError | Reply[]

export function toBytes(text: string): Bytes {
  return Buffer.from(text, 'utf8').toString('latin1')
}

/** Bytes that are not UTF-8 become U+FFFD, as the REST protocol documents. */
export function toText(bytes: Bytes): string {
  return Buffer.from(bytes, 'latin1').toString('utf8')
}
