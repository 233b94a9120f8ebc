import { sha256Hex } from '@shop/kernel/hash'
import { describe, expect, it, vi } from 'vitest'
import { type StartPayment, startPayment } from '../../src/payments/start-payment.ts'
import { anOrder, CUSTOMER, ORDER_ID, PAYMENT_ID, USD } from '../support/builders.ts'
import { aWorld } from '../support/world.ts'

type Access = Parameters<typeof startPayment>[1]

const UNAVAILABLE = { ok: false, failure: { code: 'payment_provider_unavailable' } }
const asCustomer: Access = { caller: CUSTOMER, orderToken: null }
const start = ({ deps }: ReturnType<typeof aWorld>, request: Partial<StartPayment> = {}, access: Access = asCustomer) =>
  startPayment(deps, access, { orderId: ORDER_ID, paymentMethod: 'pm_card_visa', ...request })

describe('the key of a request to pay', () => {
  const withKey = { idempotencyKey: 'key' }

  it('belongs to the account, or to the guest’s order token', async () => {
    const world = aWorld()
    await start(world, withKey)
    const guest = aWorld()
    guest.orders.order = anOrder({ userId: null })
    await start(guest, withKey, { caller: { kind: 'anonymous' }, orderToken: 'token' })
    expect([world, guest].map(({ keys }) => keys.rows.map(({ scope }) => scope))).toEqual([
      ['user_1:startPayment'],
      [`guest:${await sha256Hex('token')}:startPayment`],
    ])
  })

  it('is not even looked at for a caller who shows neither', async () => {
    const world = aWorld()
    const claim = vi.spyOn(world.keys, 'claim')
    const { result } = await start(world, withKey, { caller: { kind: 'anonymous' }, orderToken: null })
    expect(result.ok).toBe(false)
    expect(claim).not.toHaveBeenCalled()
  })

  it.each([
    { paymentMethod: 'pm_card_mastercard' },
    { paymentMethodId: 'pm_card_mastercard' },
    { currency: USD },
    { amount: 25 },
    { savePaymentMethod: true },
    { orderId: 'order_2' },
  ])('stands for one request: with %j it is another', async (over) => {
    const world = aWorld()
    await start(world, withKey)
    expect(await start(world, { ...withKey, ...over })).toMatchObject({
      result: { failure: { code: 'idempotency_key_reused' } },
    })
  })

  it('stands for the same request when it says in words that no card is saved', async () => {
    const world = aWorld()
    const first = await start(world, withKey)
    expect(await start(world, { ...withKey, savePaymentMethod: false })).toEqual({ ...first, replayed: true })
  })

  it('keeps the answer that shows an open payment', async () => {
    const world = aWorld()
    const answer = vi.spyOn(world.keys, 'answer')
    await start(world, { paymentMethod: undefined })
    expect(answer).not.toHaveBeenCalled()
    const shown = await start(world, { paymentMethod: undefined })
    expect(shown).toMatchObject({ result: { ok: true, value: { id: PAYMENT_ID } } })
    expect(answer).not.toHaveBeenCalled()
    await start(world, { paymentMethod: undefined, ...withKey })
    const outcome = { kind: 'pending' }
    expect(answer.mock.calls).toEqual([
      [expect.objectContaining(withKeyOf('key')), { payment: paymentOf(world), outcome }],
    ])
  })

  it('has its outcome with the state of the payment, and is written again only where orders changed it', async () => {
    const world = aWorld()
    const answer = vi.spyOn(world.keys, 'answer')
    await start(world, withKey)
    expect(answer).not.toHaveBeenCalled()
    const reversed = aWorld()
    reversed.orders.isSoldOut = true
    const answerReversed = vi.spyOn(reversed.keys, 'answer')
    await start(reversed, withKey)
    expect(answerReversed.mock.calls).toEqual([
      [expect.objectContaining(withKeyOf('key')), expect.objectContaining({ outcome: { kind: 'reversed' } })],
    ])
  })

  it('is not written for a request without one, whatever its outcome', async () => {
    const world = aWorld()
    world.orders.isSoldOut = true
    const answer = vi.spyOn(world.keys, 'answer')
    await start(world)
    expect(answer).not.toHaveBeenCalled()
  })
})

describe('the permit for a call to Stripe', () => {
  it('is asked for by the kind of call', async () => {
    const world = aWorld()
    const reservePermit = vi.spyOn(world.deps.stripeIntents, 'reservePermit')
    await start(world, { paymentMethod: undefined })
    await start(world)
    expect(reservePermit.mock.calls.map(([call]) => call)).toEqual(['create', 'create', 'confirm'])
  })

  it('to confirm is needed before the attempt is written', async () => {
    const world = aWorld()
    await start(world, { paymentMethod: undefined })
    world.deps.stripeIntents.reservePermit = async (call) => call === 'create'
    expect((await start(world)).result).toEqual(UNAVAILABLE)
    expect(world.payments.only).toMatchObject({ attempt: 1, attemptUntil: null })
  })
})

const withKeyOf = (key: string) => ({ key, scope: 'user_1:startPayment' })
const paymentOf = ({ payments }: ReturnType<typeof aWorld>) => payments.only
