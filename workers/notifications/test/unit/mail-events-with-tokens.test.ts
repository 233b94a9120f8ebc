import type { ShopEvent } from '@shop/contracts/events/catalogue'
import type { GiftCardMail } from '@shop/contracts/orders/gift-cards'
import { newId } from '@shop/http/ids'
import { currency } from '@shop/kernel/currencies'
import { describe, expect, it } from 'vitest'
import { mailEvents } from '../../src/mails/mail-events.ts'
import { aContact, accountEvent, anAccountMail, anOrder, tokenEvent } from '../support/mails.ts'
import { world } from '../support/world.ts'

describe('a mail about an account', () => {
  it('has the link with its token', async () => {
    const event = accountEvent('customer.password_reset_requested', newId('user'))
    const { deps, sent } = world({ accounts: [anAccountMail(event.id, { token: 'a+b/c=' })] })
    await mailEvents(deps, 'users', [event])
    expect(sent[0]?.text).toContain('https://shop.example.com/reset-password?token=a%2Bb%2Fc%3D')
  })

  it('needs no token where it only tells something', async () => {
    const event = accountEvent('customer.email_changed', newId('user'))
    const { deps, sent } = world({ accounts: [anAccountMail(event.id, { to: 'old@example.com', token: undefined })] })
    await mailEvents(deps, 'users', [event])
    expect(sent).toMatchObject([{ to: 'old@example.com', subject: 'Your e-mail address was changed' }])
  })
})

describe('the mail with the code of a gift card', () => {
  const card = (over: Partial<GiftCardMail> = {}): GiftCardMail => ({
    ...{ giftCardId: newId('giftCard'), code: '7KQ2-M9XR-4DTV-H0PZ-81CW', amount: 5_000, currency: currency('EUR') },
    ...{ expiresAt: null, userId: null, email: 'guest@example.com' },
    ...over,
  })
  const issued = ({ giftCardId, amount }: GiftCardMail): ShopEvent<'gift_card.issued'> => ({
    ...{ id: 71, type: 'gift_card.issued', version: 1, key: giftCardId, sequence: 1, createdAt: new Date() },
    payload: { giftCardId, source: 'staff', amount, currency: 'EUR', orderId: null, refundId: null },
  })

  it('goes to its address, or to the account of its order', async () => {
    const contact = aContact()
    const [toGuest, toAccount] = [
      card(),
      card({ userId: contact.userId, email: null, expiresAt: new Date('2027-03-01T12:00:00Z') }),
    ]
    const { deps, sent } = world({ giftCards: [toGuest, toAccount], contacts: [contact] })
    await mailEvents(deps, 'orders', [issued(toGuest), { ...issued(toAccount), id: 72 }])
    expect(sent.map(({ to }) => to)).toEqual(['guest@example.com', contact.email])
    expect(sent[0]?.text).toContain('7KQ2-M9XR-4DTV-H0PZ-81CW')
    expect(sent[1]?.text).toContain('2027')
  })

  it('is sent again each time a card of an exchange gets something back', async () => {
    const restored = card()
    const { deps, sent } = world({ giftCards: [restored] })
    const event = { ...issued(restored), type: 'gift_card.restored' } as const
    await mailEvents(deps, 'orders', [event])
    await mailEvents(deps, 'orders', [event, { ...event, id: 72, sequence: 2 }])
    expect(sent.map(({ to }) => to)).toEqual(['guest@example.com', 'guest@example.com'])
  })

  it('is not sent for a card that staff hand out themselves', async () => {
    const { deps, sent } = world()
    expect(await mailEvents(deps, 'orders', [issued(card())])).toMatchObject([{ outcome: 'skipped' }])
    expect(sent).toEqual([])
  })
})

describe('the mail with the token of a guest’s order', () => {
  const asked = (over: Parameters<typeof anOrder>[0] = {}) => {
    const order = anOrder(over)
    const event = tokenEvent(order.orderId)
    const token = { eventId: event.id, orderId: order.orderId, to: 'guest@example.com', token: 'v1.a_b-c' }
    return { order, event, token }
  }

  it('has the token in the fragment of its link, and is one, however often it is delivered', async () => {
    const { order, event, token } = asked()
    const { deps, sent } = world({ orders: [order], tokens: [token] })
    for (let times = 0; times < 20; times += 1) {
      expect(await mailEvents(deps, 'orders', [event])).toMatchObject([{ outcome: 'done' }])
    }
    expect(sent).toMatchObject([{ to: 'guest@example.com', key: `orders/event:${event.id}/order_access/customer` }])
    expect(sent[0]?.text).toContain(`https://shop.example.com/orders/${order.orderId}#order_token=v1.a_b-c`)
  })

  it('goes to the address of the order, also where an account has claimed it', async () => {
    const { order, event, token } = asked({ userId: newId('user'), email: null })
    const { deps, sent } = world({ orders: [order], tokens: [token] })
    await mailEvents(deps, 'orders', [event])
    expect(sent).toMatchObject([{ to: 'guest@example.com' }])
  })

  it('is not sent when orders no longer gives the token', async () => {
    const { order, event } = asked()
    const { deps, sent } = world({ orders: [order] })
    expect(await mailEvents(deps, 'orders', [event])).toMatchObject([{ outcome: 'skipped' }])
    expect(sent).toEqual([])
  })
})
