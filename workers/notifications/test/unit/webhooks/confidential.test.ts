import { describe, expect, it } from 'vitest'
import { confidentialOf, redactor, withoutQueryValues } from '../../../src/webhook-deliveries/domain/confidential.ts'

const SIGNATURE = 'K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H+pI4='
const FORMER = 'zzzZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN+H/pI4='
const SECRET = new Uint8Array(32).fill(251)
const SECRET_TEXT = btoa(String.fromCharCode(...SECRET))
const redact = redactor(
  confidentialOf({
    url: 'https://hooks.example.com/shop?token=a%2Fsecret+token&v=1',
    signatures: `v1,${SIGNATURE} v1,${FORMER}`,
    secrets: [SECRET],
  }),
)

describe('what is kept of the answer of an endpoint', () => {
  it.each([
    ['the header as it was sent', `webhook-signature: v1,${SIGNATURE} v1,${FORMER}`],
    ['a signature alone', `expected ${SIGNATURE}`],
    ['a signature in JSON that escapes slashes', `{"sig":"${SIGNATURE.replaceAll('/', '\\/')}"}`],
    ['a signature in a URL', `sig=${encodeURIComponent(SIGNATURE)}`],
    ['a signature in HTML', `<pre>${SIGNATURE.replaceAll('+', '&#43;').replaceAll('=', '&#x3D;')}</pre>`],
    ['a signature in base64url', SIGNATURE.replaceAll('+', '-').replaceAll('/', '_').replace('=', '')],
    ['the secret', `whsec_${SECRET_TEXT}`],
    ['the bytes of the secret in hexadecimal', Buffer.from(SECRET).toString('hex')],
    ['the value of a query', 'the token was a/secret token'],
    ['the value of a query, as it was sent', 'POST /shop?token=a%2Fsecret+token'],
  ])('does not contain %s', (_, text) => {
    const kept = redact(text)
    expect(kept).toContain('[redacted]')
    for (const secret of [SIGNATURE, FORMER, SECRET_TEXT, 'fbfbfb', 'a/secret', 'a%2Fsecret', 'K5oZ', 'zzzZ']) {
      expect(kept).not.toContain(secret)
    }
  })

  it.each([
    ['the signature of another attempt', `got v1,${'Q'.repeat(43)}=`, 'got [redacted]'],
    ['the secret of another endpoint', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', '[redacted]'],
    ['a bearer token', 'Authorization: Bearer eyJhbGciOi.J9-_~+/=', 'Authorization: [redacted]'],
  ])('does not contain %s', (_, text, kept) => {
    expect(redact(text)).toBe(kept)
  })

  it('contains everything else', () => {
    const text = '{"error": "v1 of the bearer is down", "value": 1}'
    expect(redact(text)).toBe(text)
  })
})

describe('the URL of an attempt', () => {
  it.each([
    ['https://hooks.example.com/shop', 'https://hooks.example.com/shop'],
    ['https://hooks.example.com/?token=abc&v=', 'https://hooks.example.com/?token=[redacted]&v='],
    ['https://hooks.example.com/?abc', 'https://hooks.example.com/?[redacted]'],
    ['https://user:pass@hooks.example.com/a@b', 'https://hooks.example.com/a@b'],
    ['/again?token=abc#fragment', '/again?token=[redacted]'],
    ['//user@hooks.example.com?a=b=c', '//hooks.example.com?a=[redacted]'],
  ])('%s is kept as %s', (url, kept) => {
    expect(withoutQueryValues(url)).toBe(kept)
  })
})
