import { redactor, withoutQueryValues } from '../domain/confidential.ts'
import type { Answer, EndpointResponse } from '../domain/delivery.ts'

/** Sends a signed body to a URL that has been checked. `confidential` is redacted in what is kept of the answer. */
export type PostWebhook = (request: {
  url: string
  headers: Record<string, string>
  body: string
  confidential: readonly string[]
}) => Promise<Answer>

type Redact = ReturnType<typeof redactor>

/** For the whole answer. */
const TIMEOUT_MS = 10_000
const MOST_BYTES_READ = 65_536
/** Of an answer that staff see. */
const MOST_CHARACTERS_KEPT = 1_024
/** Headers that help to find an attempt in the receiver's logs, or say when to retry. Cookies and others are not kept. */
const HEADERS_KEPT = ['cf-ray', 'content-type', 'location', 'request-id', 'retry-after', 'server', 'x-request-id']
const MOST_CHARACTERS_OF_HEADER = 200

/**
 * Posts a webhook, and reads the beginning of the answer. A redirect is not followed: it could lead to where no webhook may go,
 * and it would pass the signature on.
 */
export function postWebhook({ timeoutMs = TIMEOUT_MS } = {}): PostWebhook {
  return async ({ url, headers, body, confidential }) => {
    const signal = AbortSignal.timeout(timeoutMs)
    let response: Response
    try {
      response = await fetch(url, { method: 'POST', redirect: 'manual', headers, body, signal })
    } catch {
      return { isAccepted: false, failure: signal.aborted ? 'timeout' : 'no_answer' }
    }
    const { status } = response
    const redact = redactor(confidential)
    const answer = {
      response: { status, headers: keptOf(response, redact), body: await beginningOf(response, redact) },
    }
    if (status >= 200 && status < 300) return { isAccepted: true, ...answer }
    return { isAccepted: false, ...answer, failure: status >= 300 && status < 400 ? 'redirect' : 'bad_status' }
  }
}

const keptOf = ({ headers }: Response, redact: Redact): EndpointResponse['headers'] =>
  Object.fromEntries(
    HEADERS_KEPT.flatMap((name) => {
      const value = headers.get(name)
      if (value === null) return []
      const shown = redact(name === 'location' ? withoutQueryValues(value) : value)
      return [[name, storable(shown, MOST_CHARACTERS_OF_HEADER)]]
    }),
  )

/** Its status has been read, so what goes wrong from here on makes no difference. */
async function beginningOf({ body }: Response, redact: Redact): Promise<string> {
  if (body === null) return ''
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let text = ''
  try {
    for (let bytes = 0; bytes < MOST_BYTES_READ; ) {
      const { done, value } = await reader.read()
      if (done) break
      bytes += value.byteLength
      text += decoder.decode(value, { stream: true })
    }
  } catch {
    // Cut off, or too slow.
  }
  reader.cancel().catch(() => {})
  return storable(redact(text), MOST_CHARACTERS_KEPT)
}

/** Postgres cannot hold NUL; the cut may have split a surrogate pair. */
const storable = (text: string, length: number) => text.replaceAll('\u0000', '').slice(0, length).toWellFormed()
