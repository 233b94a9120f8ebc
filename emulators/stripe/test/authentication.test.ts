import type Stripe from 'stripe'
import { describe, expect, it } from 'vitest'
import { CARD_ONLY, receiver, refusal, startEmulator, until } from './support.ts'

const RETURN_URL = 'https://merchant.example/paid?reference=1'

const payment = {
  amount: 1299,
  currency: 'usd',
  confirm: true,
  payment_method: 'pm_card_authenticationRequired',
  description: '<b>Mugs</b> & more',
  ...CARD_ONLY,
} as const

async function pay(params: Partial<Stripe.PaymentIntentCreateParams> = {}) {
  const endpoint = await receiver()
  const { stripe, server } = await startEmulator({ webhook: endpoint.target, control: true })
  const intent = await stripe.paymentIntents.create({ ...payment, return_url: RETURN_URL, ...params })
  const url = intent.next_action?.redirect_to_url?.url ?? String(intent.next_action?.use_stripe_sdk?.stripe_js)
  const press = (outcome: string, headers: Record<string, string> = {}) =>
    fetch(url, { method: 'POST', body: new URLSearchParams({ outcome }), headers, redirect: 'manual' })
  return { endpoint, stripe, server, intent, url, press }
}

describe('the authentication page', () => {
  it('shows the payment and two buttons under a content security policy without scripts', async () => {
    const { url } = await pay()
    const page = await fetch(url)
    expect(page.status).toBe(200)
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
    const policy = String(page.headers.get('content-security-policy'))
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("form-action 'self' https://merchant.example;")
    const html = await page.text()
    expect(html).toMatch(/^<!doctype html>\n<html lang="en">/)
    expect(html).toContain('$12.99 USD')
    expect(html).toContain('&#60;b&#62;Mugs&#60;/b&#62; &#38; more')
    expect(html).toContain('<button name="outcome" value="complete">Complete</button>')
    expect(html).toContain('<button name="outcome" value="fail">Fail</button>')
    expect(html).not.toContain('<script')
  })

  it('captures the payment and redirects to return_url when completed', async () => {
    const { endpoint, stripe, intent, press } = await pay()
    const answer = await press('complete')
    expect(answer.status).toBe(303)
    const back = new URL(String(answer.headers.get('location')))
    expect(back.origin + back.pathname).toBe('https://merchant.example/paid')
    expect(Object.fromEntries(back.searchParams)).toEqual({
      reference: '1',
      payment_intent: intent.id,
      payment_intent_client_secret: intent.client_secret,
      redirect_status: 'succeeded',
    })
    const paid = await stripe.paymentIntents.retrieve(intent.id, { expand: ['latest_charge'] })
    expect(paid).toMatchObject({
      status: 'succeeded',
      next_action: null,
      amount_received: 1299,
      latest_charge: { payment_method_details: { card: { three_d_secure: { result: 'authenticated' } } } },
    })
    await until(() => endpoint.of('payment_intent.succeeded').length === 1, 'the webhook')
    expect(endpoint.of('payment_intent.requires_action')).toHaveLength(1)
  })

  it('requires another payment method, with the reason, when failed', async () => {
    const { endpoint, stripe, server, intent, press } = await pay()
    const answer = await press('fail')
    expect(new URL(String(answer.headers.get('location'))).searchParams.get('redirect_status')).toBe('failed')
    expect(await stripe.paymentIntents.retrieve(intent.id)).toMatchObject({
      status: 'requires_payment_method',
      payment_method: null,
      next_action: null,
      last_payment_error: {
        type: 'invalid_request_error',
        code: 'payment_intent_authentication_failure',
        payment_method: { object: 'payment_method' },
      },
    })
    expect(server.charges()).toEqual([])
    await until(() => endpoint.of('payment_intent.payment_failed').length === 1, 'the webhook')
    const paid = await stripe.paymentIntents.confirm(intent.id, { payment_method: 'pm_card_visa' })
    expect(paid).toMatchObject({ status: 'succeeded', last_payment_error: null })
  })

  it('only shows the status when submitted twice or after a cancellation', async () => {
    const { server, press, url } = await pay()
    await press('complete')
    const again = await press('fail')
    expect(again.status).toBe(200)
    expect(await again.text()).toContain('Status: succeeded.')
    expect(server.charges()).toHaveLength(1)
    expect(await (await fetch(url)).text()).not.toContain('<button')

    const other = await pay()
    await other.stripe.paymentIntents.cancel(other.intent.id)
    expect(await (await other.press('complete')).text()).toContain('Status: canceled.')
    expect(other.server.charges()).toEqual([])
  })

  it('authorizes a payment with manual capture, and may end in a decline', async () => {
    const held = await pay({ capture_method: 'manual' })
    const answer = await held.press('complete')
    expect(new URL(String(answer.headers.get('location'))).searchParams.get('redirect_status')).toBe('succeeded')
    expect(await held.stripe.paymentIntents.retrieve(held.intent.id)).toMatchObject({ status: 'requires_capture' })

    const declining = await pay({ payment_method: 'pm_card_authenticationRequiredChargeDeclinedInsufficientFunds' })
    const declined = await declining.press('complete')
    expect(new URL(String(declined.headers.get('location'))).searchParams.get('redirect_status')).toBe('failed')
    expect((await declining.stripe.paymentIntents.retrieve(declining.intent.id)).last_payment_error).toMatchObject({
      code: 'card_declined',
      decline_code: 'insufficient_funds',
    })
  })

  it('shows the status when there is no return_url', async () => {
    const { stripe, server } = await startEmulator()
    const { return_url: _none, ...params } = { ...payment, return_url: undefined }
    const intent = await stripe.paymentIntents.create(params)
    expect(intent.next_action?.type).toBe('use_stripe_sdk')
    const answer = await fetch(`${server.url}/authenticate/${intent.id}`, {
      method: 'POST',
      body: new URLSearchParams({ outcome: 'complete' }),
    })
    expect(answer.status).toBe(200)
    expect(await answer.text()).toContain('Status: succeeded. You can close this window.')
  })

  it('refuses other origins, other outcomes and unknown payments', async () => {
    const { server, intent, press } = await pay()
    expect((await press('complete', { origin: 'https://evil.example' })).status).toBe(400)
    expect((await press('maybe')).status).toBe(400)
    expect((await fetch(`${server.url}/authenticate/pi_nope`)).status).toBe(404)
    expect(server.paymentIntents()).toMatchObject([{ id: intent.id, status: 'requires_action' }])
  })
})

describe('authentication', () => {
  it.each(['complete', 'fail'] as const)('can be performed by a program: %s', async (outcome) => {
    const { stripe, server, intent } = await pay()
    const control = (body: object) =>
      fetch(`${server.url}/_control/authenticate`, { method: 'POST', body: JSON.stringify(body) })
    expect((await control({ payment_intent: intent.id, outcome: 'perhaps' })).status).toBe(400)
    const answer = await control({ payment_intent: intent.id, outcome })
    const status = outcome === 'complete' ? 'succeeded' : 'requires_payment_method'
    expect(await answer.json()).toMatchObject({ id: intent.id, status })
    expect((await stripe.paymentIntents.retrieve(intent.id)).status).toBe(status)
    expect((await control({ payment_intent: intent.id, outcome })).status).toBe(400)
    expect(() => server.authenticate(intent.id, outcome)).toThrow('requires no authentication')
  })

  it.each(['javascript:alert(1)', 'nowhere', 'data:text/html,x'])(
    'does not accept the return_url %s',
    async (return_url) => {
      const { stripe } = await startEmulator()
      const refused = await refusal(stripe.paymentIntents.create({ ...payment, return_url }))
      expect(refused).toMatchObject({ code: 'url_invalid', param: 'return_url' })
    },
  )
})
