import { fail, ok, type Result } from '@shop/kernel/result'
import type { ExpectedVersions } from '@shop/kernel/versions'
import type { Context, MiddlewareHandler } from 'hono'
import { entityTag, isUnchanged, parseTags, unchanged, versionsOf } from './entity-tag.ts'
import type { HttpFailure } from './problems.ts'

/** The version that a route has set with {@link versioned}. */
const VERSION = 'resourceVersion'
/** Set by {@link streamed}. */
const STREAMED = 'isStreamed'

/**
 * Adds an ETag to every read, and answers 304 to a client that already has the content. The answer to a write gets one
 * too where its route names the version, so that a client can continue from there.
 */
export const answerConditionally: MiddlewareHandler = async (c, next) => {
  await next()
  const version: number | undefined = c.get(VERSION)
  const { status, headers: given } = c.res
  const isRead = c.req.method === 'GET' || c.req.method === 'HEAD'
  const isTagged = isRead ? status === 200 : version !== undefined && (status === 200 || status === 201)
  // The tag of a stream would have to wait for its end.
  const isStream = c.get(STREAMED) === true || given.get('content-type') === 'text/event-stream'
  if (!isTagged || isStream || given.has('etag')) return
  const body = await c.res.text()
  const tag = await entityTag(body, version)
  const headers = new Headers(given)
  headers.set('etag', tag)
  // Assigning to c.res keeps the headers of the old response, so that is cleared first.
  c.res = undefined
  const isKnown = isRead && isUnchanged(c.req.header('if-none-match'), tag)
  c.res = isKnown ? unchanged(headers) : new Response(body, { status, headers })
}

/**
 * Says that the answer shows the resource as it is in this version: the ETag then begins with it, and a client may send
 * it back as If-Match.
 */
export function versioned(c: Context, version: number): void {
  c.set(VERSION, version)
}

/** Says that the answer is sent while it is made. It has no ETag, which would need all of it first. */
export function streamed(c: Context): void {
  c.set(STREAMED, true)
}

type MalformedCondition = Extract<HttpFailure, { code: 'malformed_request' }>

/**
 * The versions that a write may change, by its If-Match header; undefined without one, and for `*`. Only the version of
 * each tag counts, so that a stock or a rating shown with the resource does not block a write.
 */
export function expectedVersions(c: Context): Result<ExpectedVersions, MalformedCondition> {
  const tags = expectedTags(c)
  return tags.ok ? ok(tags.value && versionsOf(tags.value)) : tags
}

/** The tags in the If-Match header of a write to what has no version, without their quotes; otherwise the same. */
export function expectedTags(c: Context): Result<readonly string[] | undefined, MalformedCondition> {
  const header = c.req.header('if-match')
  if (header === undefined) return ok(undefined)
  const tags = parseTags(header)
  if (tags === undefined) return fail({ code: 'malformed_request', detail: 'If-Match is not a list of entity tags' })
  return ok(tags === '*' ? undefined : tags)
}
