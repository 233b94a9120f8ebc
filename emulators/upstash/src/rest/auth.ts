import { timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

/** Accepts the token as a Bearer token or as the query parameter `_token`. */
export function isAuthorized(headers: IncomingHttpHeaders, query: URLSearchParams, token: string): boolean {
  const bearer = headers.authorization?.match(/^Bearer\s+(\S+)\s*$/i)?.[1]
  const [sent, wanted] = [Buffer.from(bearer ?? query.get('_token') ?? ''), Buffer.from(token)]
  return sent.length === wanted.length && timingSafeEqual(sent, wanted)
}
