/**
 * Bytes as text, one character of U+0000 to U+00FF for each byte: Redis strings are bytes, and JavaScript compares,
 * slices and hashes strings best.
 */
export type Bytes = string

/** A name and its arguments. */
export type Command = readonly [Bytes, ...Bytes[]]

/** A status reply such as `OK`, which the REST protocol treats unlike a stored string of the same letters. */
export class Status {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

export const OK = new Status('OK')

/** A refusal by Redis, its code first: `WRONGTYPE Operation against …`. Thrown inside commands, a value in replies. */
export class RedisError extends Error {
  override readonly name = 'RedisError'
}

/** What Redis answers: RESP2's types. Text is a bulk string; numbers are its integers. */
export type Reply = Bytes | number | null | Status | RedisError | Reply[]

export function toBytes(text: string): Bytes {
  return Buffer.from(text, 'utf8').toString('latin1')
}

/** Bytes that are not UTF-8 become U+FFFD, as the REST protocol documents. */
export function toText(bytes: Bytes): string {
  return Buffer.from(bytes, 'latin1').toString('utf8')
}
