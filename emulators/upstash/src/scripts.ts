import { createHash } from 'node:crypto'
import type { Bytes } from './reply.ts'

/** The name of a script: SHA-1 of its text as it was sent. */
export function sha1(script: Bytes): string {
  return createHash('sha1').update(script, 'latin1').digest('hex')
}

const SHEBANG = /^#!lua(?<flags>[^\n]*)/

/**
 * A script without Upstash's own flag `allow-key-locking`, which Redis refuses; a first line with nothing else in it is
 * emptied, not removed, so that error messages name the right lines.
 */
export function withoutUpstashFlags(script: Bytes): Bytes {
  const flags = script.match(SHEBANG)?.groups?.flags
  if (flags === undefined) return script
  const others = flags
    .replace(/^\s*flags=/, '')
    .split(',')
    .map((flag) => flag.trim())
    .filter((flag) => flag !== '' && flag !== 'allow-key-locking')
  return script.replace(SHEBANG, others.length > 0 ? `#!lua flags=${others.join(',')}` : '')
}
