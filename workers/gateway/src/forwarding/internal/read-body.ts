import { ClientClosedRequest } from '@shop/http/errors'
import type { HttpFailure } from '@shop/http/problems'
import { fail, ok, type Result } from '@shop/kernel/result'

const MAX_BODY_BYTES = 256 * 1024

type BodyTooLarge = Extract<HttpFailure, { code: 'body_too_large' }>

const TOO_LARGE: BodyTooLarge = { code: 'body_too_large', maximumBytes: MAX_BODY_BYTES }

/**
 * Limits the size of a body. One with a Content-Length stays unread, to be streamed on; one without is read here, so
 * that the client gets its 413 and no worker gets half a body.
 *
 * @param how.isWhole reads every body, for a caller that has to look into it
 * @returns what was read, or undefined when the request still has its body
 */
export async function readBody(
  request: Request,
  { isWhole = false }: { isWhole?: boolean } = {},
): Promise<Result<Uint8Array | undefined, BodyTooLarge>> {
  if (request.body === null) return ok(undefined)
  const length = request.headers.get('content-length')
  // The server delivers no more than the header says, so the client cannot lie about it.
  const isKnown = length !== null && !request.headers.has('transfer-encoding')
  if (isKnown && Number(length) > MAX_BODY_BYTES) return fail(TOO_LARGE)
  return isKnown && !isWhole ? ok(undefined) : readWithin(request.body)
}

async function readWithin(stream: ReadableStream<Uint8Array>): Promise<Result<Uint8Array, BodyTooLarge>> {
  const chunks: Uint8Array[] = []
  let size = 0
  const reader = stream.getReader()
  for (let part = await readPart(reader); !part.done; part = await readPart(reader)) {
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

/** A body that breaks off is the client's doing: it left, or its connection did. */
async function readPart(reader: ReadableStreamDefaultReader<Uint8Array>) {
  try {
    return await reader.read()
  } catch (error) {
    throw new ClientClosedRequest(error)
  }
}
