import { Agent, type ClientRequest, request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import type { RawRequest } from './draft.ts'

/** `status` is 0 when the connection ended without an answer; `text` is then the error. */
export type RawAnswer = { status: number; headers: IncomingHttpHeaders; text: string; ms: number }

export type Sender = { send(request: RawRequest): Promise<RawAnswer>; close(): void }

/** Sends requests exactly as given; `fetch` would normalize their paths, headers and methods. */
export function newSender(url: string): Sender {
  const { hostname: host, port } = new URL(url)
  const agent = new Agent({ keepAlive: true })
  const once = ({ method, target, headers, body }: RawRequest): Promise<RawAnswer> =>
    new Promise((resolve, reject) => {
      const startedAt = performance.now()
      const isChunked = headers['transfer-encoding'] !== undefined
      const length = body === undefined || isChunked ? {} : { 'content-length': String(body.length) }
      const request = httpRequest({ host, port, agent, method, path: target, headers: { ...headers, ...length } })
      request.on('response', (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const { statusCode: status = 0, headers } = response
          const text = Buffer.concat(chunks).toString('utf8')
          resolve({ status, headers, text, ms: performance.now() - startedAt })
        })
      })
      request.on('error', (error) => reject(Object.assign(error, { wasReused: wasReused(request) })))
      request.end(body)
    })
  const again = (request: RawRequest, tries: number): Promise<RawAnswer> =>
    once(request).catch((error: Error) => (tries > 1 ? again(request, tries - 1) : unanswered(error)))
  const unanswered = (error: Error): RawAnswer => ({ status: 0, headers: {}, text: String(error), ms: 0 })
  return {
    // A kept connection may be closed by the server just when it is used again. And a server that does not read a body
    // closes the connection after its answer, of which the client may lose a part (RFC 9112, section 9.6).
    send: (request) =>
      once(request).catch((error: Error & { wasReused?: boolean }) => {
        if (error.wasReused === true) return again(request, 1)
        return hasUnreadBody(request) ? again(request, 5) : unanswered(error)
      }),
    close: () => agent.destroy(),
  }
}

const WITHOUT_BODY = ['GET', 'HEAD', 'OPTIONS', 'DELETE']
const hasUnreadBody = ({ method, body }: RawRequest) => body !== undefined && WITHOUT_BODY.includes(method)

const wasReused = (request: ClientRequest) => request.reusedSocket
