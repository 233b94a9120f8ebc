import { ClientClosedRequest } from '@shop/http/errors'
import type { HttpFailure } from '@shop/http/problems'
import { fail, ok, type Result } from '@shop/kernel/result'
import { withTimeout } from '@shop/kernel/timeout'
import type { RequestLimits } from '../domain/request-limits.ts'

/** A body says nothing in them (RFC 9110, sections 9.3.1 and 9.3.5), so none is read or forwarded. */
const WITHOUT_BODY = new Set(['GET', 'HEAD', 'DELETE'])

/**
 * How much of a body that is too large is read and dropped, and for how long, before it is refused. A client that is still
 * sending when its connection ends may see a reset in place of the answer.
 */
const MAX_DROPPED_BYTES = 16 * 1024 * 1024
const DROP_SECONDS = 5

type BodyTooLarge = Extract<HttpFailure, { code: 'body_too_large' }>
type RequestTimeout = Extract<HttpFailure, { code: 'request_timeout' }>
type BodyFailure = BodyTooLarge | RequestTimeout

class BodyTooSlow extends Error {}

/**
 * Reads the body of a request, within limits of size and of time. It is read here and not streamed on, so that a slow
 * client occupies no worker, and no worker gets half a body.
 *
 * @returns undefined for a request without a body, and for a POST with an empty one, which many clients send for none
 */
export async function readBody(
  request: Request,
  { bodyBytes, bodySeconds }: Pick<RequestLimits, 'bodyBytes' | 'bodySeconds'>,
): Promise<Result<Uint8Array | undefined, BodyFailure>> {
  const { body, headers, method } = request
  if (body === null || WITHOUT_BODY.has(method)) return ok(undefined)
  const length = headers.has('transfer-encoding') ? null : headers.get('content-length')
  const reader = body.getReader()
  if (length !== null && Number(length) > bodyBytes) return refuse(reader, Number(length), bodyBytes)
  try {
    const read = await withTimeout(readWithin(reader, bodyBytes), bodySeconds * 1_000, () => new BodyTooSlow())
    if (read !== undefined) return ok(read.byteLength === 0 && method === 'POST' ? undefined : read)
  } catch (error) {
    if (!(error instanceof BodyTooSlow)) throw error
    cancel(reader)
    return fail({ code: 'request_timeout', seconds: bodySeconds })
  }
  return refuse(reader, 0, bodyBytes)
}

/** @param length as it was declared */
async function refuse(reader: Reader, length: number, maximumBytes: number): Promise<Result<never, BodyTooLarge>> {
  await dropWithin(reader, length)
  return fail({ code: 'body_too_large', maximumBytes })
}

/** Reads and drops the body of a request that was answered without it. */
export async function dropBody({ body, headers }: Request): Promise<void> {
  if (body !== null && !body.locked) await dropWithin(body.getReader(), Number(headers.get('content-length') ?? 0))
}

async function dropWithin(reader: Reader, length: number): Promise<void> {
  if (length <= MAX_DROPPED_BYTES) {
    await withTimeout(drop(reader), DROP_SECONDS * 1_000, () => new BodyTooSlow()).catch(() => undefined)
  }
  cancel(reader)
}

async function drop(reader: Reader): Promise<void> {
  let left = MAX_DROPPED_BYTES
  for (let part = await reader.read(); !part.done && left > 0; part = await reader.read()) left -= part.value.byteLength
}

type Reader = ReadableStreamDefaultReader<Uint8Array>

/** Undefined for a body that is too large. */
async function readWithin(reader: Reader, bytes: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  for (let part = await readPart(reader); !part.done; part = await readPart(reader)) {
    size += part.value.byteLength
    if (size > bytes) return undefined
    chunks.push(part.value)
  }
  const [first, ...more] = chunks
  if (first !== undefined && more.length === 0) return first
  const body = new Uint8Array(size)
  let offset = 0
  for (const chunk of chunks) {
    body.set(chunk, offset)
    offset += chunk.byteLength
  }
  return body
}

/** A body that breaks off is the client's doing: it left, or its connection did. */
async function readPart(reader: Reader) {
  try {
    return await reader.read()
  } catch (error) {
    throw new ClientClosedRequest(error)
  }
}

/** Drops the rest. Not awaited: a stream may wait for its source, which is the client that does not send. */
function cancel(reader: Reader): void {
  reader.cancel().catch(() => undefined)
}
