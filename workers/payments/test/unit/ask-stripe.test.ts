import { describe, expect, it, vi } from 'vitest'
import { askStripe, cancelAtStripe } from '../../src/payments/internal/ask-stripe.ts'
import { anAuthorizedPayment, anIntent, aPayment, now, PAYMENT_ID, USD } from '../support/builders.ts'
import { aWorld } from '../support/world.ts'

const UNKNOWN = { kind: 'unknown', isReplayed: false } as const
const BUSY = { kind: 'busy' } as const
const intentIn = (...state: Parameters<typeof anIntent>) => ({ kind: 'intent', intent: anIntent(...state) }) as const

/** A payment whose intent is known, in the attempt after the one that created it. */
const known = (over: Parameters<typeof aPayment>[0] = {}) => aPayment({ intentId: 'pi_1', attempt: 2, ...over })

describe('the call of an attempt', () => {
  it.each([
    ['creates the intent of a new payment', aPayment(), `create ${PAYMENT_ID}:1`],
    ['reads the intent that the first attempt has created', known({ attempt: 1 }), 'retrieve pi_1'],
    ['reads the intent that the client confirms', known({ attemptMethod: null }), 'retrieve pi_1'],
    ['confirms with another method', known(), `confirm ${PAYMENT_ID}:2`],
    [
      'captures an authorization, also with a method left from before',
      anAuthorizedPayment({ attempt: 3, captureAmount: 700 }),
      `capture 700 ${PAYMENT_ID}:3`,
    ],
  ])('%s', async (_, payment, call) => {
    const world = aWorld()
    await askStripe(world.deps, payment)
    expect(world.stripe.calls).toEqual([call])
  })

  it('names what is captured or confirmed', async () => {
    const { deps } = aWorld()
    const capture = vi.spyOn(deps.stripeIntents, 'capture')
    const confirm = vi.spyOn(deps.stripeIntents, 'confirm')
    await askStripe(deps, anAuthorizedPayment({ attempt: 3, captureAmount: 700 }))
    await askStripe(deps, known({ savesMethod: true }))
    const ofKey = (attempt: number) => ({ intentId: 'pi_1', key: `${PAYMENT_ID}:${attempt}` })
    expect(capture).toHaveBeenCalledExactlyOnceWith({ ...ofKey(3), amount: 700, isFinal: true, currency: USD })
    expect(confirm).toHaveBeenCalledExactlyOnceWith({ ...ofKey(2), method: 'pm_card_visa', savesMethod: true })
  })
})

describe('confirming for a customer', () => {
  const ofCustomer = known({ customerId: 'cus_1' })

  it('sets them at the intent first', async () => {
    const world = aWorld()
    const setCustomer = vi.spyOn(world.deps.stripeIntents, 'setCustomer')
    world.stripe.answerNext('setCustomer', intentIn('requires_confirmation'))
    await askStripe(world.deps, ofCustomer)
    const key = `${PAYMENT_ID}:2:customer`
    expect(setCustomer).toHaveBeenCalledExactlyOnceWith({ intentId: 'pi_1', customerId: 'cus_1', key })
    expect(world.stripe.calls).toEqual([`setCustomer ${key}`, `confirm ${PAYMENT_ID}:2`])
  })

  it.each([
    ['Stripe does not say that they are set', UNKNOWN],
    ['there is no permit for it', BUSY],
    ['the payment has succeeded meanwhile', intentIn('succeeded')],
  ])('does not confirm when %s', async (_, answer) => {
    const world = aWorld()
    world.stripe.answerNext('setCustomer', answer)
    expect(await askStripe(world.deps, ofCustomer)).toEqual(answer)
    expect(world.stripe.calls).toHaveLength(1)
  })
})

describe('canceling an intent', () => {
  it.each(['canceled', 'succeeded', 'processing'] as const)('answers with its state: %s', async (state) => {
    const world = aWorld()
    world.stripe.answerNext('cancel', intentIn(state))
    expect(await cancelAtStripe(world.deps, 'pi_1')).toEqual({ intent: anIntent(state), observedAt: now })
    expect(world.stripe.calls).toEqual(['cancel pi_1'])
  })

  it('asks nothing more when the answer is unknown', async () => {
    const world = aWorld()
    world.stripe.answerNext('cancel', UNKNOWN)
    expect(await cancelAtStripe(world.deps, 'pi_1')).toBeUndefined()
    expect(world.stripe.calls).toEqual(['cancel pi_1'])
  })

  it.each([BUSY, intentIn('requires_action'), { kind: 'refused', reason: 'invalid_payment_method' } as const])(
    'that is not done (%j) answers with the state that Stripe reports, if it is decided',
    async (answer) => {
      const world = aWorld()
      const cancel = (state: Parameters<typeof anIntent>[0] | undefined) => {
        world.stripe.answerNext('cancel', answer)
        world.stripe.answerNext('retrieve', state === undefined ? UNKNOWN : intentIn(state))
        return cancelAtStripe(world.deps, 'pi_1')
      }
      expect(await cancel('succeeded')).toEqual({ intent: anIntent('succeeded'), observedAt: now })
      expect(await cancel('requires_action')).toBeUndefined()
      expect(await cancel(undefined)).toBeUndefined()
    },
  )
})
