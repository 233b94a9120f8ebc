import type { HonoRequest } from 'hono'
import { HTTPException } from 'hono/http-exception'

const METHODS_WITH_BODY = new Set(['POST', 'PUT', 'PATCH'])
const JSON_MEDIA_TYPE = /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i
const MEDIA_TYPE_PARAMETER = /;\s*([^\s=;]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^\s;]*)/g
const UTF_8 = /^"?utf-?8"?$/i

/** Bytes that are no UTF-8 are an error, since replacement characters would make different bodies equal. */
const UTF_8_DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })
/** The same, keeping a byte order mark, so that equal texts are equal bytes. */
const EXACT_UTF_8_DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Why the body of a request cannot be read, judged by its headers; `detail` says what to change. Undefined for a
 * readable body, and for none.
 *
 * @param isRaw whether the path accepts its body unparsed, whatever its media type
 */
export function mediaFault({ method, headers, body }: Request, isRaw: boolean): { detail?: string } | undefined {
  // Nobody reads a body that came with another method.
  if (body === null || !METHODS_WITH_BODY.has(method)) return undefined
  if (isCoded(headers.get('content-encoding'))) return { detail: 'Send the body without a Content-Encoding' }
  if (isRaw) return undefined
  const type = headers.get('content-type') ?? ''
  // A form or plain text must never be read as an empty object.
  if (!JSON_MEDIA_TYPE.test(type)) return {}
  return hasOtherCharset(type) ? { detail: 'Send the body as UTF-8' } : undefined
}

const isCoded = (codings: string | null) => codings?.split(',').some((coding) => !/^\s*(?:identity)?\s*$/i.test(coding))

const hasOtherCharset = (type: string) =>
  [...type.matchAll(MEDIA_TYPE_PARAMETER)].some(
    ([, name, value = '']) => name?.toLowerCase() === 'charset' && !UTF_8.test(value),
  )

/** Requests whose body could not be read to its end. */
const CUT = new WeakSet<Request>()

/** True for a request whose body ended early: only a disconnected client causes that. */
export const isCut = (request: Request): boolean => CUT.has(request)

/**
 * Makes a request refuse a body that is not UTF-8, or has a member named `__proto__`, with a 400, when it is read as text or
 * JSON. The body is still read lazily, after the caller was checked.
 *
 * Replaces Hono's cache of read bodies. The members are not enumerable, because Hono treats enumerable members as
 * bodies that were already read.
 *
 * @param isRaw the text then has all bytes of the body, as a signature over it needs
 */
export function decodeStrictly({ raw, bodyCache }: HonoRequest, isRaw: boolean): void {
  const bytes = once(() =>
    raw.arrayBuffer().catch((error: unknown) => {
      CUT.add(raw)
      throw error
    }),
  )
  const text = once(async () => {
    const decoded = decode(await bytes(), isRaw ? EXACT_UTF_8_DECODER : UTF_8_DECODER)
    if (!isRaw && namesPrototype(decoded)) throw new HTTPException(400, { message: 'A member is named __proto__' })
    return decoded
  })
  Object.defineProperties(bodyCache, { arrayBuffer: { get: bytes }, text: { get: text } })
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

function decode(bytes: ArrayBuffer, decoder: TextDecoder): string {
  try {
    return decoder.decode(bytes)
  } catch (cause) {
    throw new HTTPException(400, { message: 'The body is not UTF-8', cause })
  }
}

/**
 * Whether a member of a JSON text is named `__proto__`, at any depth. Schemas of maps skip such a member, so it would be lost
 * without an error.
 */
function namesPrototype(text: string): boolean {
  // As it is, or with some of its letters escaped.
  if (!/__proto__|\\u/i.test(text)) return false
  let isNamed = false
  try {
    JSON.parse(text, (name, value) => {
      isNamed ||= name === '__proto__'
      return value
    })
  } catch {
    return false
  }
  return isNamed
}
