import { describe, expect, it } from 'vitest'
import { redact } from '../src/log.ts'

const CANARY = 'c4n4ry'

describe('the log', () => {
  it.each([
    ['a password', { password: CANARY }],
    ['a nested token', { body: { refresh_token: CANARY } }],
    ['a header', { headers: { Authorization: `Bearer ${CANARY}` } }],
    ['a client secret', { payment: { client_secret: CANARY } }],
    ['a database URL', { error: new Error(`connect to postgres://user:${CANARY}@host/db failed`) }],
    ['a Stripe key', { message: `Invalid API Key sk_live_${CANARY}12345678` }],
    ['a token in a message', { message: `bad token eyJhbGciOiJFZERTQSJ9.${CANARY}.sig` }],
    ['the cause of an error', { error: new Error('outer', { cause: new Error(`whsec_${CANARY}12345678`) }) }],
    ['a list', { list: [{ secret: CANARY }] }],
  ])('does not keep %s', (_, fields) => {
    expect(JSON.stringify(redact(fields))).not.toContain(CANARY)
  })

  it('keeps what is needed to find a fault', () => {
    const kept = redact({ request_id: 'r-1', error: new TypeError('x is not a function') })
    expect(kept).toMatchObject({ request_id: 'r-1', error: { name: 'TypeError', message: 'x is not a function' } })
  })
})
