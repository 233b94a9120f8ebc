import type { HttpFailure } from '@shop/http'
import { fail, ok, type Result } from '@shop/kernel'

export const MAX_BODY_BYTES = 256 * 1024

export type BodyTooLarge = Extract<HttpFailure, { code: 'body_too_large' }>

const TOO_LARGE: BodyTooLarge = { code: 'body_too_large', maximumBytes: MAX_BODY_BYTES }

/**
 * Sees to it that the body is small enough. One that says its length stays unread, to be streamed on; one that does
 * not is read here, so that the client gets its 413 and no worker gets half a body.
 *
 * @returns what was read, or undefined when the request still has its body
 */
export async function takeBody(request: Request): Promise<Result<Uint8Array | undefined, BodyTooLarge>> {
  if (request.body === null) return ok(undefined)
  const said = request.headers.get('content-length')
  if (said === null || request.headers.has('transfer-encoding')) return readWithin(request.body)
  // The server delivers no more than was said, so this is not only the client's word.
  return Number(said) <= MAX_BODY_BYTES ? ok(undefined) : fail(TOO_LARGE)
}

async function readWithin(stream: ReadableStream<Uint8Array>): Promise<Result<Uint8Array, BodyTooLarge>> {
  const chunks: Uint8Array[] = []
  let size = 0
  const reader = stream.getReader()
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    size += part.value.byteLength
    if (size > MAX_BODY_BYTES) {
      await reader.cancel()
      return fail(TOO_LARGE)
    }
    chunks.push(part.value)
  }
  const body = new Uint8Array(size)
  let offset = 0
  for (const chunk of chunks) {
    body.set(chunk, offset)
    offset += chunk.byteLength
  }
  return ok(body)
}
