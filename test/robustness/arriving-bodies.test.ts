import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { OTHER_SHARED_ORIGIN, useSharedPlatform } from '../support/use-platform.ts'
import { JSON_TYPE, useStaffRequests } from '../support/use-staff-requests.ts'

const stage = useSharedPlatform()
const { send, sendJson } = useStaffRequests(stage)

const IN_CHUNKS = 'transfer-encoding: chunked'

/**
 * Sends `{`, a space every second, and `}` after `seconds`. Resolves once the connection is closed: by the server, unless
 * it has answered a whole body.
 */
function sendSlowly(path: string, length: string, seconds: number): Promise<{ answer: string; ms: number }> {
  const { hostname, port } = new URL(stage.platform.url)
  const head = [
    `POST ${path} HTTP/1.1`,
    `host: ${hostname}`,
    `origin: ${OTHER_SHARED_ORIGIN}`,
    'content-type: application/json',
    length,
  ]
  const part = (text: string) => (length === IN_CHUNKS ? `1\r\n${text}\r\n` : text)
  const began = Date.now()
  return new Promise((resolve) => {
    let answer = ''
    let sent = 0
    const socket = connect(Number(port), hostname, () => socket.write(`${head.join('\r\n')}\r\n\r\n${part('{')}`))
    const drip = setInterval(() => {
      sent += 1
      if (sent < seconds) socket.write(part(' '))
      if (sent === seconds) socket.write(`${part('}')}0\r\n\r\n`)
    }, 1_000)
    socket.on('data', (data) => {
      answer += data
      if (sent >= seconds) socket.end()
    })
    // A reset is a closed connection, too.
    socket.on('error', () => undefined)
    socket.on('close', () => {
      clearInterval(drip)
      resolve({ answer, ms: Date.now() - began })
    })
  })
}

describe('a body', () => {
  // At the same time, because both wait.
  it.concurrent('that does not arrive within 10 seconds is refused, and the connection closed', async () => {
    const slow = [
      sendSlowly('/api/users/login', IN_CHUNKS, 60),
      sendSlowly('/api/users/login', 'content-length: 1000', 60),
      sendSlowly('/api/orders', IN_CHUNKS, 60),
      sendSlowly('/api/webhooks/stripe', IN_CHUNKS, 60),
    ]
    for (const { answer, ms } of await Promise.all(slow)) {
      expect(answer).toMatch(/^HTTP\/1\.1 408 /)
      expect(answer).toContain('"code":"request_timeout"')
      expect(answer).toMatch(/^access-control-allow-origin: https:\/\/shop\.example\.com\r$/im)
      expect(ms).toBeGreaterThan(9_500)
      expect(ms).toBeLessThan(15_000)
    }
  })

  it.concurrent('that takes 7 seconds to arrive is answered, and not as an outage', async () => {
    const { answer } = await sendSlowly('/api/users/login', IN_CHUNKS, 7)
    expect(answer).toMatch(/^HTTP\/1\.1 422 /)
    expect(answer).toContain('"code":"validation_failed"')
  })

  it('that is not read, because the caller is refused before, leaves the answer whole', async () => {
    const body = JSON.stringify({ name: 'Mug', description: 'x'.repeat(3_000_000) })
    const statuses: number[] = []
    for (const authorization of Array.from({ length: 30 }, () => 'Bearer forged')) {
      const answer = await send('POST', '/api/products', { headers: { ...JSON_TYPE, authorization }, body })
      statuses.push(answer.status, (await answer.json<{ status: number }>()).status)
    }
    expect(new Set(statuses)).toEqual(new Set([401]))
  })

  it('of exactly 256 KiB is accepted', async () => {
    const text = JSON.stringify({ name: 'Mug', price: 1 })
    const response = await sendJson('POST', '/api/products', text.padEnd(256 * 1024, ' '))
    expect(response.status).toBe(201)
  })
})
