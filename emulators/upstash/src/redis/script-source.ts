import { createHash } from 'node:crypto'
import type { Bytes } from './reply.ts'

/** The id of a script: the SHA-1 of its text as the client sent it. */
export function sha1(script: Bytes): string {
  return createHash('sha1').update(script, 'latin1').digest('hex')
}

const SHEBANG = /^#!lua(?<flags>[^\n]*)/

/**
 * Removes Upstash's own flag `allow-key-locking`, which Redis refuses. A first line that held nothing else becomes
 * empty but stays, so that error messages keep their line numbers.
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
