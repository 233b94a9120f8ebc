import { createHmac } from 'node:crypto'
import { Agent as HttpAgent, request as requestHttp } from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'

const ANSWER_WITHIN_MS = 20_000
const KEPT = { keepAlive: true, timeout: 500 }

/** `Stripe-Signature` for a payload, https://docs.stripe.com/webhooks#verify-manually */
export function signature(payload: string, secret: string, timestamp: number): string {
  const mac = createHmac('sha256', secret).update(`${timestamp}.${payload}`).digest('hex')
  return `t=${timestamp},v1=${mac}`
}

/**
 * Connections to the receiver, kept for the next event for a moment: most come in a row. Not longer, or they would hold up
 * a receiver that wants to close.
 */
export class DeliveryAgents {
  readonly #http = new HttpAgent(KEPT)
  readonly #https = new HttpsAgent(KEPT)

  for(url: string): HttpAgent {
    return url.startsWith('https:') ? this.#https : this.#http
  }

  destroy(): void {
    this.#http.destroy()
    this.#https.destroy()
  }
}

interface Sending {
  timestamp: number
  agents: DeliveryAgents
  abort: AbortSignal
}

/**
 * Posts a signed event and returns the status of the answer.
 *
 * @throws Error when there was no answer: refused, cut, aborted, or later than 20 s
 */
export function deliver(target: { url: string; secret: string }, payload: string, sending: Sending): Promise<number> {
  const { timestamp, agents, abort } = sending
  const request = target.url.startsWith('https:') ? requestHttps : requestHttp
  return new Promise((resolve, reject) => {
    const outgoing = request(target.url, {
      method: 'POST',
      agent: agents.for(target.url),
      signal: abort,
      timeout: ANSWER_WITHIN_MS,
      headers: {
        'Content-Type': 'application/json; charset=utf-8',
        'Content-Length': Buffer.byteLength(payload),
        'User-Agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
        'Stripe-Signature': signature(payload, target.secret, timestamp),
        Accept: '*/*',
        'Cache-Control': 'no-cache',
      },
    })
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      // The receiver closed the kept connection just as it was used again. Had it read the event, it gets it twice.
      if (outgoing.reusedSocket && error.code === 'ECONNRESET') resolve(deliver(target, payload, sending))
      else reject(error)
    })
    outgoing.on('timeout', () => outgoing.destroy(new Error(`No answer within ${ANSWER_WITHIN_MS} ms`)))
    outgoing.on('response', (answer) => {
      // The body means nothing to Stripe, but has to be read for the connection to end.
      answer.on('error', reject)
      answer.on('end', () => resolve(answer.statusCode ?? 0))
      answer.resume()
    })
    outgoing.end(payload)
  })
}
