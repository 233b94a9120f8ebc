import { describe, expect, it } from 'vitest'
import { cloudflareProvider } from '../../src/providers/cloudflare.ts'
import { cloudflareOutcome, resendOutcome } from '../../src/providers/domain/outcome.ts'
import { resendProvider } from '../../src/providers/resend.ts'

const MAIL = {
  to: 'ada@example.com',
  subject: 'Hello',
  html: '<p>Hello</p>',
  text: 'Hello',
  key: 'orders/order_1/x/customer',
}

describe('an answer of Resend', () => {
  it.each([
    [400, 'validation_error'],
    [413, undefined],
    [422, 'missing_required_field'],
    [422, 'validation_error'],
    [451, 'security_error'],
  ])('%i %s refuses the mail for good', (status, name) => {
    expect(resendOutcome(status, { name })).toEqual({ outcome: 'refused', reason: name ?? `status_${status}` })
  })

  it.each([
    [401, 'missing_api_key'],
    [403, 'invalid_api_key'],
    [403, 'validation_error'],
    [404, 'not_found'],
    [408, undefined],
    [409, 'concurrent_idempotent_requests'],
    [422, 'invalid_from_address'],
    [429, 'rate_limit_exceeded'],
    [429, 'daily_quota_exceeded'],
    [500, 'internal_server_error'],
    [503, undefined],
    [302, undefined],
  ])('%i %s says nothing about the mail, so it is sent again', (status, name) => {
    expect(resendOutcome(status, { name }).outcome).toBe('unavailable')
  })

  it('that names the mail says that it is sent', () => {
    expect(resendOutcome(200, { id: 're_1' })).toEqual({ outcome: 'sent', providerId: 're_1' })
  })

  it('about a key with another text says that it was sent before', () => {
    expect(resendOutcome(409, { name: 'invalid_idempotent_request' })).toEqual({
      outcome: 'sent',
      providerId: undefined,
    })
  })

  it('is not quoted where it is no code', () => {
    expect(resendOutcome(500, { name: 'ada@example.com is unknown' })).toEqual({
      outcome: 'unavailable',
      reason: 'status_500',
    })
  })
})

describe('the driver of Resend', () => {
  const options = { baseUrl: 'https://resend.test', apiKey: 're_key', from: 'Shop <shop@example.com>' }

  it('sends one mail to one address, with the key that makes it one', async () => {
    const requests: Request[] = []
    const provider = resendProvider(options, async (url, init) => {
      requests.push(new Request(url, init))
      return Response.json({ id: 're_1' })
    })
    expect(await provider.send(MAIL)).toEqual({ outcome: 'sent', providerId: 're_1' })
    const [request] = requests
    expect(request?.url).toBe('https://resend.test/emails')
    expect(Object.fromEntries(request?.headers ?? [])).toMatchObject({
      authorization: 'Bearer re_key',
      'idempotency-key': MAIL.key,
      'user-agent': expect.any(String),
    })
    const { key: _, to, ...content } = MAIL
    expect(await request?.json()).toEqual({ from: options.from, to: [to], ...content })
  })

  it('takes a lost connection for an outage', async () => {
    const provider = resendProvider(options, () => Promise.reject(new Error('reset')))
    expect(await provider.send(MAIL)).toEqual({ outcome: 'unavailable', reason: 'no_answer' })
  })

  it('takes an answer without JSON by its status', async () => {
    const provider = resendProvider(options, async () => new Response('<html>', { status: 502 }))
    expect(await provider.send(MAIL)).toEqual({ outcome: 'unavailable', reason: 'status_502' })
  })
})

describe('an error of Cloudflare', () => {
  it.each(['E_VALIDATION_ERROR', 'E_RECIPIENT_SUPPRESSED', 'E_RECIPIENT_NOT_ALLOWED', 'E_CONTENT_TOO_LARGE'])(
    '%s refuses the mail for good',
    (code) => {
      expect(cloudflareOutcome(Object.assign(new Error('no'), { code })).outcome).toBe('refused')
    },
  )

  it.each([
    'E_RATE_LIMIT_EXCEEDED',
    'E_DAILY_LIMIT_EXCEEDED',
    'E_SENDER_NOT_VERIFIED',
    'E_INTERNAL_SERVER_ERROR',
    'E_NEW',
  ])('%s says nothing about the mail, so it is sent again', (code) => {
    expect(cloudflareOutcome(Object.assign(new Error('no'), { code })).outcome).toBe('unavailable')
  })

  it('without a code is sent again, and not quoted', () => {
    expect(cloudflareOutcome(new Error('ada@example.com'))).toEqual({ outcome: 'unavailable', reason: 'unknown' })
  })

  it('is the answer of the driver, which never throws', async () => {
    const binding = { send: () => Promise.reject(new Error('down')) }
    expect((await cloudflareProvider(binding, 'shop@example.com').send(MAIL)).outcome).toBe('unavailable')
  })
})
