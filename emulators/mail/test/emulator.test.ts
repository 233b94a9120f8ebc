import { createHmac } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type MailEmulator, type MailOptions, startMailEmulator } from '../src/index.ts'

const apiKey = 're_test'
const MAIL = {
  from: 'Shop <shop@example.com>',
  to: ['Ada@example.com'],
  subject: 'Hello',
  html: '<p>Hello</p>',
  text: 'Hello',
}

const running: MailEmulator[] = []
async function start(options: Partial<MailOptions> = {}): Promise<MailEmulator> {
  const started = await startMailEmulator({ apiKey, ...options })
  running.push(started)
  return started
}
let mail: MailEmulator
beforeEach(async () => {
  mail = await start()
})
afterEach(() => Promise.all(running.splice(0).map((one) => one.close())))

type Sent = { status: number; body: { id?: string; name?: string } }
async function send(body: unknown, headers: Record<string, string> = {}): Promise<Sent> {
  const response = await fetch(`${mail.url}/emails`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  return { status: response.status, body: (await response.json()) as Sent['body'] }
}

describe('sending a mail', () => {
  it('keeps it and answers its id, by which it can be read', async () => {
    const { status, body } = await send(MAIL)
    expect(status).toBe(200)
    expect(mail.mails()).toMatchObject([{ ...MAIL, id: body.id, via: 'resend' }])
    const found = await fetch(`${mail.url}/emails/${body.id}`, { headers: { authorization: `Bearer ${apiKey}` } })
    expect(await found.json()).toMatchObject({ object: 'email', id: body.id, subject: 'Hello' })
  })

  it.each([
    ['no key', { authorization: '' }, 401, 'missing_api_key'],
    ['another key', { authorization: 'Bearer re_other' }, 401, 'validation_error'],
    ['an empty idempotency key', { 'idempotency-key': '' }, 400, 'invalid_idempotency_key'],
    ['an idempotency key that is too long', { 'idempotency-key': 'x'.repeat(257) }, 400, 'invalid_idempotency_key'],
  ])('is refused with %s', async (_, headers, status, name) => {
    expect(await send(MAIL, headers)).toMatchObject({ status, body: { name } })
    expect(mail.mails()).toEqual([])
  })

  it.each([
    ['no sender', { ...MAIL, from: undefined }, 'missing_required_field'],
    ['a sender that is no address', { ...MAIL, from: 'Shop' }, 'invalid_from_address'],
    ['no recipient', { ...MAIL, to: undefined }, 'missing_required_field'],
    ['a recipient that is no address', { ...MAIL, to: ['Ada'] }, 'validation_error'],
    ['a recipient with a line break', { ...MAIL, to: ['a@example.com\r\nBcc: b@example.com'] }, 'validation_error'],
    ['51 recipients', { ...MAIL, to: Array(51).fill('a@example.com') }, 'validation_error'],
    ['no subject', { ...MAIL, subject: undefined }, 'missing_required_field'],
    ['a subject with a line break', { ...MAIL, subject: 'a\nb' }, 'validation_error'],
    ['neither HTML nor text', { ...MAIL, html: undefined, text: undefined }, 'missing_required_field'],
    ['a header with a line break', { ...MAIL, headers: { 'X-A': 'b\nc' } }, 'validation_error'],
    ['a field that it does not support', { ...MAIL, scheduled_at: 'tomorrow' }, 'invalid_parameter'],
  ])('is refused with %s', async (_, body, name) => {
    expect(await send(body)).toMatchObject({ status: 422, body: { name } })
  })

  it('is refused without JSON', async () => {
    expect(await send('{')).toMatchObject({ status: 400, body: { name: 'validation_error' } })
  })
})

describe('an idempotency key', () => {
  const headers = { 'idempotency-key': 'orders/1' }

  it('answers a repeated request as the first time, and sends nothing', async () => {
    const first = await send(MAIL, headers)
    expect(await send(MAIL, headers)).toEqual(first)
    expect(mail.mails()).toHaveLength(1)
  })

  it('is a conflict with another body', async () => {
    await send(MAIL, headers)
    expect(await send({ ...MAIL, subject: 'Other' }, headers)).toMatchObject({
      status: 409,
      body: { name: 'invalid_idempotent_request' },
    })
  })

  it('is a conflict while another request with it is being answered', async () => {
    mail.faults.add({ kind: 'delay', ms: 300 })
    const first = send(MAIL, headers)
    while (mail.faults.list()[0]?.hits !== 1) await new Promise((resolve) => setTimeout(resolve, 5))
    expect(await send(MAIL, headers)).toMatchObject({ status: 409, body: { name: 'concurrent_idempotent_requests' } })
    expect(await first).toMatchObject({ status: 200 })
  })

  it('is forgotten after 24 hours', async () => {
    let now = new Date('2026-11-23T10:00:00Z')
    mail = await start({ now: () => now })
    await send(MAIL, headers)
    now = new Date('2026-11-24T10:00:01Z')
    await send(MAIL, headers)
    expect(mail.mails()).toHaveLength(2)
  })

  it('makes one mail of one whose answer was lost', async () => {
    mail.faults.add({ kind: 'cut_after' })
    await expect(send(MAIL, headers)).rejects.toThrow()
    expect(await send(MAIL, headers)).toMatchObject({ status: 200 })
    expect(mail.mails()).toHaveLength(1)
  })
})

it('a status fault is answered as an error of Resend', async () => {
  mail.faults.add({ kind: 'status', status: 429 })
  expect(await send(MAIL)).toMatchObject({ status: 429, body: { name: 'rate_limit_exceeded' } })
  expect(mail.mails()).toEqual([])
})

describe('the mails', () => {
  it('are listed as JSON, of one address in any case', async () => {
    await send(MAIL)
    await send({ ...MAIL, to: 'Grace <grace@example.com>' })
    const of = async (to: string) =>
      ((await (await fetch(`${mail.url}/mails?to=${to}`)).json()) as { mails: unknown[] }).mails
    expect([(await of('ada@EXAMPLE.com')).length, (await of('grace@example.com')).length]).toEqual([1, 1])
    expect(await of('nobody@example.com')).toEqual([])
  })

  it('outlive the process in a directory', async () => {
    const stateDir = mkdtempSync(join(tmpdir(), 'shop-mail-'))
    try {
      mail = await start({ stateDir })
      const headers = { 'idempotency-key': 'k' }
      const first = await send(MAIL, headers)
      await mail.close()
      mail = await start({ stateDir })
      expect(mail.mails()).toMatchObject([MAIL])
      expect(await send(MAIL, headers)).toEqual(first)
    } finally {
      rmSync(stateDir, { recursive: true })
    }
  })
})

describe('the pages', () => {
  it('show the mails, and escape what is in them', async () => {
    const { body } = await send({ ...MAIL, subject: '<script>alert(1)</script>', text: '<b>' })
    const list = await (await fetch(mail.url)).text()
    expect(list).toContain('&lt;script&gt;')
    const page = await fetch(`${mail.url}/mails/${body.id}`)
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    const shown = await page.text()
    expect(shown).toContain(`src="/mails/${body.id}/html"`)
    expect(shown + list).not.toContain('<script>')
  })

  it('show the HTML of a mail without scripts, with links that open', async () => {
    const html =
      '<!doctype html><html><head><title>x</title></head><body><a href="https://shop.example.com">x</a></body></html>'
    const { body } = await send({ ...MAIL, html })
    const shown = await fetch(`${mail.url}/mails/${body.id}/html`)
    const policy = shown.headers.get('content-security-policy') ?? ''
    expect(policy).toContain('sandbox allow-popups')
    expect(policy).not.toContain('allow-scripts')
    expect(await shown.text()).toContain('<head><base target="_blank">')
  })

  it('do not exist for an unknown mail', async () => {
    expect((await fetch(`${mail.url}/mails/none`)).status).toBe(404)
  })
})

describe('a report', () => {
  const secret = `whsec_${btoa('a secret')}`

  it('is sent with a signature of the secret', async () => {
    const received = Promise.withResolvers<{ headers: NodeJS.Dict<string | string[]>; body: string }>()
    const shop = createServer(async (request, response) => {
      let body = ''
      for await (const chunk of request) body += chunk
      received.resolve({ headers: request.headers, body })
      response.end('{}')
    })
    await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve))
    const address = shop.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    mail.setWebhook({ url: `http://127.0.0.1:${port}/hook`, secret })
    const { body } = await send(MAIL)
    expect(await mail.report(body.id ?? '', 'bounce')).toBe(200)
    const { headers, body: event } = await received.promise
    const signed = `${headers['svix-id']}.${headers['svix-timestamp']}.${event}`
    const mac = createHmac('sha256', 'a secret').update(signed).digest('base64')
    expect(headers['svix-signature']).toBe(`v1,${mac}`)
    const data = { email_id: body.id, to: MAIL.to, bounce: { type: 'Permanent' } }
    expect(JSON.parse(event)).toMatchObject({ type: 'email.bounced', data })
    shop.close()
  })

  it('from another page of the browser is refused', async () => {
    const { body } = await send(MAIL)
    const headers = { origin: 'https://evil.example', 'content-type': 'application/x-www-form-urlencoded' }
    const response = await fetch(`${mail.url}/mails/${body.id}/reports`, {
      method: 'POST',
      headers,
      body: 'report=bounce',
    })
    expect(response.status).toBe(403)
  })
})
