import { signedHeaders } from '@shop/mail-emulator/webhooks/signature'
import { describe, expect, it } from 'vitest'
import { isSigned } from '../../src/suppressions/internal/check-signature.ts'
import { reportOf } from '../../src/suppressions/internal/read-report.ts'
import { receiveMailWebhook } from '../../src/suppressions/receive-mail-webhook.ts'
import { NOW } from '../support/mails.ts'
import { world } from '../support/world.ts'

const SECRET = `whsec_${btoa('a secret of a test')}`
const at = (seconds: number) => Math.floor(NOW.getTime() / 1_000) + seconds
const bounce = (type?: string) => ({
  type: 'email.bounced',
  data: { email_id: 're_1', to: ['Ada@example.com'], ...(type === undefined ? {} : { bounce: { type } }) },
})

function signed(body: string, { secret = SECRET, seconds = 0 } = {}) {
  const headers = signedHeaders(body, secret, { id: 'msg_1', timestamp: at(seconds) })
  return { id: headers['svix-id'], timestamp: headers['svix-timestamp'], signatures: headers['svix-signature'], body }
}

describe('a signature', () => {
  const body = '{"type":"email.sent"}'

  it('of the secret is accepted, also beside one of another secret', async () => {
    const webhook = signed(body)
    expect(await isSigned(webhook, SECRET, NOW)).toBe(true)
    const other = signed(body, { secret: `whsec_${btoa('another')}` }).signatures
    expect(await isSigned({ ...webhook, signatures: `${other} ${webhook.signatures}` }, SECRET, NOW)).toBe(true)
  })

  it.each([
    ['another body', { body: `${body} ` }],
    ['another id', { id: 'msg_2' }],
    ['no id', { id: '' }],
    ['another time', { timestamp: String(at(1)) }],
    ['no time', { timestamp: '' }],
    ['a time that is no number', { timestamp: '1e9' }],
    ['no signature', { signatures: '' }],
    ['another version', { signatures: signed(body).signatures.replace('v1,', 'v2,') }],
    ['a signature that is no base64', { signatures: 'v1,%%%' }],
    ['a shorter signature', { signatures: signed(body).signatures.slice(0, -8) }],
  ])('is refused with %s', async (_, over) => {
    expect(await isSigned({ ...signed(body), ...over }, SECRET, NOW)).toBe(false)
  })

  it('of another secret is refused', async () => {
    expect(await isSigned(signed(body, { secret: `whsec_${btoa('another')}` }), SECRET, NOW)).toBe(false)
  })

  it.each([
    [-300, true],
    [-301, false],
    [300, true],
    [301, false],
  ])('that was made at %i seconds from now: %s', async (seconds, expected) => {
    expect(await isSigned(signed(body, { seconds }), SECRET, NOW)).toBe(expected)
  })

  it('is refused where the shop has an empty secret', async () => {
    expect(await isSigned(signed(body, { secret: 'whsec_' }), 'whsec_', NOW)).toBe(false)
  })
})

describe('an event of Resend', () => {
  it.each(['Permanent', undefined])('ends mail to an address that bounces (%s)', (type) => {
    expect(reportOf(bounce(type))).toEqual({ reason: 'bounced', addresses: ['Ada@example.com'] })
  })

  it('ends mail to an address whose owner complains', () => {
    const event = { type: 'email.complained', data: { to: 'ada@example.com' } }
    expect(reportOf(event)).toEqual({ reason: 'complained', addresses: ['ada@example.com'] })
  })

  it.each([
    bounce('Transient'),
    bounce('Undetermined'),
    { type: 'email.delivered', data: { to: ['ada@example.com'] } },
    { type: 'email.complained', data: {} },
    { type: 7 },
    null,
    'email.bounced',
  ])('changes nothing otherwise: %j', (event) => {
    expect(reportOf(event)).toBeUndefined()
  })
})

describe('a webhook', () => {
  it('that is signed suppresses the address, in whatever case', async () => {
    const { deps, suppressed } = world()
    expect(await receiveMailWebhook(deps, signed(JSON.stringify(bounce('Permanent'))))).toMatchObject({ ok: true })
    expect([...suppressed]).toEqual([await deps.hashAddress('ada@example.com')])
  })

  it('that is not signed changes nothing', async () => {
    const { deps, suppressed } = world()
    const webhook = signed(JSON.stringify(bounce('Permanent')), { secret: `whsec_${btoa('another')}` })
    expect(await receiveMailWebhook(deps, webhook)).toEqual({ ok: false, failure: { code: 'invalid_signature' } })
    expect(suppressed.size).toBe(0)
  })

  it('changes nothing in a shop that has no secret for them', async () => {
    const { deps } = world()
    const received = await receiveMailWebhook({ ...deps, webhookSecret: undefined }, signed('{}'))
    expect(received).toEqual({ ok: false, failure: { code: 'invalid_signature' } })
  })

  it('that is signed and no JSON is refused', async () => {
    const { deps } = world()
    expect(await receiveMailWebhook(deps, signed('{'))).toEqual({ ok: false, failure: { code: 'malformed_json' } })
  })
})
