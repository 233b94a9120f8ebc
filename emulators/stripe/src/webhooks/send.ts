import { Agent as HttpAgent, request as requestHttp } from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'
import { signature } from './signature.ts'

const ANSWER_WITHIN_MS = 20_000
const KEEP_ALIVE = { keepAlive: true, timeout: 500 }

/**
 * Connections to the receiver, kept briefly because events usually come in bursts. Longer-lived connections would delay
 * a receiver that closes.
 */
export class DeliveryAgents {
  readonly #http = new HttpAgent(KEEP_ALIVE)
  readonly #https = new HttpsAgent(KEEP_ALIVE)

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
 * Posts a signed event and returns the HTTP status of the answer.
 *
 * @throws Error without an answer: the connection was refused, cut or aborted, or 20 s passed
 */
export function sendEvent(target: { url: string; secret: string }, payload: string, sending: Sending): Promise<number> {
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
      // The receiver closed an idle connection during its reuse. If it had read the event, it receives it twice.
      if (outgoing.reusedSocket && error.code === 'ECONNRESET') resolve(sendEvent(target, payload, sending))
      else reject(error)
    })
    outgoing.on('timeout', () => outgoing.destroy(new Error(`No answer within ${ANSWER_WITHIN_MS} ms`)))
    outgoing.on('response', (answer) => {
      // Stripe ignores the body, but it must be read for the connection to become free.
      answer.on('error', reject)
      answer.on('end', () => resolve(answer.statusCode ?? 0))
      answer.resume()
    })
    outgoing.end(payload)
  })
}
