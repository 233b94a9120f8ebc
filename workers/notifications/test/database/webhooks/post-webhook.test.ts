import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { postWebhook } from '../../../src/webhook-deliveries/internal/post-webhook.ts'

let server: Server | undefined
afterEach(async () => {
  server?.closeAllConnections()
  await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)))
  server = undefined
})

const CONFIDENTIAL = 'a-signature'.repeat(4)

/** Sends a webhook to a receiver that behaves like this. */
async function sendTo(receive: RequestListener, timeoutMs = 5_000) {
  const listening = createServer(receive)
  server = listening
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(listening.address() as AddressInfo).port}/hooks`
  const headers = { 'webhook-id': 'msg_1' }
  return postWebhook({ timeoutMs })({ url, headers, body: '{"type":"order.paid"}', confidential: [CONFIDENTIAL] })
}

const textOf = async (request: IncomingMessage) => Buffer.concat(await request.toArray()).toString()

describe('a receiver that', () => {
  it('answers 2xx has the webhook, whatever the body says', async () => {
    let seen: unknown
    const answer = await sendTo(async (request, response) => {
      seen = {
        method: request.method,
        url: request.url,
        id: request.headers['webhook-id'],
        body: await textOf(request),
      }
      response.writeHead(202).end('thanks')
    })
    expect(answer).toEqual({ isAccepted: true, response: { status: 202, headers: {}, body: 'thanks' } })
    expect(seen).toEqual({ method: 'POST', url: '/hooks', id: 'msg_1', body: '{"type":"order.paid"}' })
  })

  it.each([400, 404, 410, 429, 500, 503])('answers %s has it not', async (status) => {
    const answer = await sendTo((_, response) => response.writeHead(status).end('no'))
    expect(answer).toEqual({ isAccepted: false, response: { status, headers: {}, body: 'no' }, failure: 'bad_status' })
  })

  it('redirects into a network is not followed', async () => {
    let requests = 0
    const answer = await sendTo((request, response) => {
      requests += 1
      const port = request.socket.localPort
      response.writeHead(307, { location: `http://127.0.0.1:${port}/again` }).end()
    })
    expect(answer).toMatchObject({ isAccepted: false, response: { status: 307 }, failure: 'redirect' })
    expect(requests).toBe(1)
  })

  it('redirects to the metadata of the platform is not followed', async () => {
    const location = 'http://169.254.169.254/latest/meta-data/'
    const answer = await sendTo((_, response) => response.writeHead(302, { location }).end())
    expect(answer).toMatchObject({
      isAccepted: false,
      response: { status: 302, headers: { location } },
      failure: 'redirect',
    })
  })

  it('never answers is left when the time is over', async () => {
    expect(await sendTo(() => {}, 50)).toEqual({ isAccepted: false, failure: 'timeout' })
  })

  it('answers and then never ends has the webhook', async () => {
    const answer = await sendTo((_, response) => {
      response.writeHead(200).write('the beginning')
    }, 200)
    expect(answer).toEqual({ isAccepted: true, response: { status: 200, headers: {}, body: 'the beginning' } })
  })

  it('closes the connection has it not', async () => {
    expect(await sendTo((request) => request.socket.destroy())).toEqual({ isAccepted: false, failure: 'no_answer' })
  })

  it('answers with ten megabytes is read for 64 KiB, and 1,024 characters of it are kept', async () => {
    let written = 0
    let isClosed = false
    const answer = await sendTo((_, response) => {
      response.on('close', () => {
        isClosed = !response.writableFinished
      })
      const chunk = Buffer.alloc(65_536, 'x')
      const write = () => {
        while (written < 10_000_000) {
          written += chunk.length
          if (!response.write(chunk)) return response.once('drain', write)
        }
        return response.end()
      }
      response.writeHead(200)
      write()
    })
    expect(answer).toEqual({ isAccepted: true, response: { status: 200, headers: {}, body: 'x'.repeat(1_024) } })
    await expect.poll(() => isClosed).toBe(true)
    expect(written).toBeLessThan(10_000_000)
  })

  it('answers with what no database stores is kept without it', async () => {
    const answer = await sendTo((_, response) => response.writeHead(500).end(`a\u0000b${'x'.repeat(1_021)}😀`))
    expect(answer.response?.body).toBe(`ab${'x'.repeat(1_021)}\ufffd`)
  })

  it('repeats what is confidential has that redacted before the answer is cut', async () => {
    const start = 'x'.repeat(1_020)
    const answer = await sendTo((_, response) =>
      response.writeHead(400, { server: `said ${CONFIDENTIAL}` }).end(`${start}${CONFIDENTIAL}`),
    )
    expect(answer.response).toEqual({ status: 400, headers: { server: 'said [redacted]' }, body: `${start}[red` })
  })

  it('redirects to a URL with a token has the URL kept without it', async () => {
    const answer = await sendTo((_, response) =>
      response.writeHead(302, { location: 'https://u:p@other.example.com/?token=abc' }).end(),
    )
    expect(answer.response?.headers).toEqual({ location: 'https://other.example.com/?token=[redacted]' })
  })

  it('answers with headers has only those kept that help to find the attempt, or that say when to try again', async () => {
    const headers = { 'retry-after': '120', 'content-type': 'text/plain', 'x-request-id': 'r'.repeat(300) }
    const answer = await sendTo((_, response) =>
      response.writeHead(503, { ...headers, 'set-cookie': 'session=1', 'x-internal': 'host-7' }).end(),
    )
    expect(answer.response?.headers).toEqual({ ...headers, 'x-request-id': 'r'.repeat(200) })
  })
})
