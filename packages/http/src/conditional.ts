import type { MiddlewareHandler } from 'hono'
import { entityTag, isUnchanged, unchanged } from './entity-tag.ts'

/** Gives what is read an ETag, and to a client that has it already a 304 in its place. */
export const answerConditionally: MiddlewareHandler = async (c, next) => {
  await next()
  const isRead = c.req.method === 'GET' || c.req.method === 'HEAD'
  if (!isRead || c.res.status !== 200 || c.res.headers.has('etag')) return
  const body = await c.res.text()
  const tag = await entityTag(body)
  const headers = new Headers(c.res.headers)
  headers.set('etag', tag)
  // Assigning to c.res keeps headers of what it replaces, so that is let go first.
  c.res = undefined
  c.res = isUnchanged(c.req.header('if-none-match'), tag) ? unchanged(headers) : new Response(body, { headers })
}
