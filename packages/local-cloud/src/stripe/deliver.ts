import { createHmac } from 'node:crypto'
import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'

const ANSWER_WITHIN_MS = 20_000

/** `Stripe-Signature` for a payload, https://docs.stripe.com/webhooks#verify-manually */
export function signature(payload: string, secret: string, timestamp: number): string {
  const mac = createHmac('sha256', secret).update(`${timestamp}.${payload}`).digest('hex')
  return `t=${timestamp},v1=${mac}`
}

/**
 * Posts a signed event and returns the status of the answer.
 *
 * Every delivery opens its own connection: one kept alive would hold up a receiver that wants to close.
 *
 * @throws Error when there was no answer: refused, cut, aborted, or later than 20 s
 */
export function deliver(
  target: { url: string; secret: string },
  payload: string,
  timestamp: number,
  abort: AbortSignal,
): Promise<number> {
  const request = target.url.startsWith('https:') ? requestHttps : requestHttp
  return new Promise((resolve, reject) => {
    const outgoing = request(target.url, {
      method: 'POST',
      agent: false,
      signal: AbortSignal.any([abort, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
      headers: {
        'Content-Type': 'application/json; charset=utf-8',
        'Content-Length': Buffer.byteLength(payload),
        'User-Agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
        'Stripe-Signature': signature(payload, target.secret, timestamp),
        Accept: '*/*',
        'Cache-Control': 'no-cache',
        Connection: 'close',
      },
    })
    outgoing.on('error', reject)
    outgoing.on('response', (answer) => {
      // The body means nothing to Stripe, but has to be read for the connection to end.
      answer.on('error', reject)
      answer.on('end', () => resolve(answer.statusCode ?? 0))
      answer.resume()
    })
    outgoing.end(payload)
  })
}
