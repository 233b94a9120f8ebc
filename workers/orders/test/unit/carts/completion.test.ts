import { newId } from '@shop/http/ids'
import { describe, expect, it } from 'vitest'
import { beginCompletion, endCompletion, reopen } from '../../../src/carts/domain/completion.ts'
import { aCart, anItem, GUEST, NOBODY } from '../../support/carts.ts'
import { NOW } from '../../support/test-deps.ts'

const after = (seconds: number) => new Date(NOW.getTime() + seconds * 1_000)
const request = { access: GUEST, claim: 'mine', versions: undefined }
const open = aCart({ items: [anItem()] })
const completing = aCart({ ...open, status: 'completing', completion: { claim: 'theirs', since: NOW } })
const orderId = newId('order')
const completed = aCart({ ...open, status: 'completed', orderId })
const placed = { id: orderId, userId: null }

describe('beginning to complete a cart', () => {
  it('gives an open cart to the caller, and keeps its version', () => {
    const cart = { ...open, status: 'completing', completion: { claim: 'mine', since: NOW } }
    expect(beginCompletion(open, request, NOW)).toEqual({ ok: true, value: { kind: 'begun', cart } })
  })

  it('says the same to a repeated call of the same attempt', () => {
    const mine = { ...completing, completion: { claim: 'mine', since: NOW } }
    expect(beginCompletion(mine, request, after(5))).toEqual({ ok: true, value: { kind: 'begun', cart: mine } })
  })

  it('makes others wait for 60 s, then lets the next one settle the attempt that was lost', () => {
    expect(beginCompletion(completing, request, after(59))).toEqual({ ok: true, value: { kind: 'busy' } })
    const cart = { ...completing, completion: { claim: 'mine', since: after(60) } }
    expect(beginCompletion(completing, request, after(60))).toEqual({ ok: true, value: { kind: 'unsettled', cart } })
  })

  it('names the order of a completed cart', () => {
    const value = { kind: 'completed', orderId, isKnownKey: false }
    expect(beginCompletion(completed, request, NOW)).toEqual({ ok: true, value })
  })

  it('begins again for a caller who knows that this very order was cancelled unpaid', () => {
    expect(beginCompletion(completed, { ...request, reopens: orderId }, NOW)).toMatchObject({
      value: { kind: 'begun', cart: { status: 'completing', orderId: null } },
    })
    expect(beginCompletion(completed, { ...request, reopens: newId('order') }, NOW)).toMatchObject({
      value: { kind: 'completed' },
    })
  })

  it.each([
    ['is empty', aCart(), request, { code: 'cart_empty' }],
    ['is merged', aCart({ status: 'merged' }), request, { code: 'cart_not_open', cartStatus: 'merged' }],
    ['is expired', aCart({ status: 'expired' }), request, { code: 'cart_not_open', cartStatus: 'expired' }],
    ['has changed', open, { ...request, versions: [7] }, { code: 'version_conflict' }],
    ['is not the caller’s', open, { ...request, access: NOBODY }, { code: 'cart_not_found' }],
  ])('is refused where the cart %s', (_, cart, asked, failure) => {
    expect(beginCompletion(cart, asked, NOW)).toEqual({ ok: false, failure })
  })
})

describe('the end of an attempt', () => {
  it('completes the cart with its order', () => {
    expect(endCompletion(completing, { claim: 'theirs', order: placed }, after(1))).toEqual({
      ...completing,
      ...{ status: 'completed', completion: null, orderId, version: 2, updatedAt: after(1) },
    })
  })

  it('gives a cart that an account has completed to that account', () => {
    const order = { id: orderId, userId: newId('user') }
    expect(endCompletion(completing, { claim: 'theirs', order }, NOW).userId).toBe(order.userId)
  })

  it('opens the cart again after a refusal, unchanged', () => {
    expect(endCompletion(completing, { claim: 'theirs', order: null }, after(1))).toEqual({
      ...completing,
      ...{ status: 'open', completion: null },
    })
  })

  it('changes nothing once another attempt has replaced it', () => {
    expect(endCompletion(completing, { claim: 'mine', order: null }, NOW)).toBe(completing)
    expect(endCompletion(completed, { claim: 'theirs', order: null }, NOW)).toBe(completed)
  })
})

describe('a cart whose order was cancelled unpaid', () => {
  it('is open again, once', () => {
    const cart = reopen(completed, orderId, after(1))
    expect(cart).toEqual({ ...completed, status: 'open', orderId: null, version: 2, updatedAt: after(1) })
    expect(reopen(cart, orderId, after(2))).toBe(cart)
  })

  it('stays completed where another order was made of it since', () => {
    expect(reopen(completed, newId('order'), NOW)).toBe(completed)
  })
})
