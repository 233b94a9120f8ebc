import type { ShopEvent } from '@shop/contracts/events/catalogue'
import type { GiftCardMail } from '@shop/contracts/orders/gift-cards'
import { newId } from '@shop/http/ids'
import { currency } from '@shop/kernel/currencies'
import { ok } from '@shop/kernel/result'
import { describe, expect, it } from 'vitest'
import { mailEvents } from '../../src/mails/mail-events.ts'
import {
  aContact,
  accountEvent,
  anAccountMail,
  anOrder,
  NOW,
  orderEvent,
  paymentEvent,
  stockEvent,
  tokenEvent,
} from '../support/mails.ts'
import { anEndpoint } from '../support/webhooks.ts'
import { DOWN, world } from '../support/world.ts'

describe('an event with a mail', () => {
  it('is done once its mail is sent, to the address that the order has', async () => {
    const order = anOrder()
    const { deps, sent } = world({ orders: [order] })
    const event = orderEvent('order.paid', order.orderId)
    expect(await mailEvents(deps, 'orders', [event])).toEqual([{ eventId: event.id, outcome: 'done' }])
    expect(sent).toMatchObject([{ to: 'guest@example.com', subject: 'Your order at Example Shop Ltd' }])
    expect(sent[0]?.key).toBe(`orders/${order.orderId}/order_confirmed/customer`)
  })

  it('has one mail when it is delivered twenty times', async () => {
    const order = anOrder()
    const { deps, sent } = world({ orders: [order] })
    const event = orderEvent('order.paid', order.orderId)
    for (let times = 0; times < 20; times += 1) await mailEvents(deps, 'orders', [event])
    expect(sent).toHaveLength(1)
  })

  it('has no second mail when another event says the same, even in the same batch', async () => {
    const order = anOrder()
    const { deps, sent } = world({ orders: [order] })
    const events = (['order.authorized', 'order.paid'] as const).map((type) => orderEvent(type, order.orderId))
    const receipts = await mailEvents(deps, 'orders', events)
    expect(receipts.map(({ outcome }) => outcome)).toEqual(['done', 'done'])
    expect(sent).toHaveLength(1)
  })

  it('goes to the address that the account has now', async () => {
    const contact = aContact({ email: 'new@example.com', locale: 'de' })
    const order = anOrder({ userId: contact.userId, email: null })
    const { deps, sent } = world({ orders: [order], contacts: [contact] })
    await mailEvents(deps, 'orders', [orderEvent('shipment.shipped', order.orderId)])
    expect(sent).toMatchObject([
      { to: 'new@example.com', subject: 'Ihre Bestellung von Example Shop Ltd ist unterwegs' },
    ])
  })

  it('of a shipment is sent for each, unless it was picked up', async () => {
    const order = anOrder()
    const { deps, sent } = world({ orders: [order] })
    const events = ['shipped', 'shipped', 'delivered'].map((shipmentStatus) =>
      orderEvent('shipment.shipped', order.orderId, { shipmentStatus }),
    )
    const receipts = await mailEvents(deps, 'orders', events)
    expect(receipts.map(({ outcome }) => outcome)).toEqual(['done', 'done', 'skipped'])
    expect(sent).toHaveLength(2)
  })

  it('reads each kind of subject once, however many events there are', async () => {
    const contacts = [aContact(), aContact()]
    const orders = contacts.map(({ userId }) => anOrder({ userId, email: null }))
    const { deps, calls } = world({ orders, contacts })
    await mailEvents(
      deps,
      'orders',
      orders.map(({ orderId }) => orderEvent('order.paid', orderId)),
    )
    expect(calls).toEqual(['orderMails', 'contactsOf'])
  })
})

describe('a person or an order that is gone', () => {
  it('ends the delivery as skipped', async () => {
    const { deps, sent } = world()
    const events = [
      orderEvent('order.paid', newId('order')),
      accountEvent('customer.password_reset_requested', newId('user')),
    ]
    const receipts = await mailEvents(deps, 'orders', events)
    expect(receipts.map(({ outcome }) => outcome)).toEqual(['skipped', 'skipped'])
    expect(sent).toEqual([])
  })

  it('is also the account of an order that still exists', async () => {
    const order = anOrder({ userId: newId('user'), email: null })
    const { deps } = world({ orders: [order] })
    expect(await mailEvents(deps, 'orders', [orderEvent('order.paid', order.orderId)])).toMatchObject([
      { outcome: 'skipped' },
    ])
  })

  it('is a token that has ended, since its link would lead nowhere', async () => {
    const event = accountEvent('customer.password_reset_requested', newId('user'))
    const { deps } = world({ accounts: [anAccountMail(event.id, { token: undefined })] })
    expect(await mailEvents(deps, 'users', [event])).toMatchObject([{ outcome: 'skipped' }])
  })
})

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

it('an order that is cancelled by then is not confirmed any more', async () => {
  const order = anOrder({ status: 'cancelled' })
  const { deps } = world({ orders: [order] })
  const receipts = await mailEvents(deps, 'orders', [orderEvent('order.paid', order.orderId)])
  expect(receipts).toMatchObject([{ outcome: 'skipped' }])
})

describe('a failed payment', () => {
  it.each([
    { status: 'processing', paymentStatus: 'paid' },
    { status: 'cancelled', paymentStatus: 'unpaid' },
  ] as const)('has no mail when the order is $status by then', async (over) => {
    const order = anOrder(over)
    const { deps, sent } = world({ orders: [order] })
    await mailEvents(deps, 'payments', [paymentEvent(order.orderId, 'card_declined')])
    expect(sent).toEqual([])
  })

  it('has a mail while the order can still be paid', async () => {
    const order = anOrder({ status: 'pending', paymentStatus: 'unpaid' })
    const { deps, sent } = world({ orders: [order] })
    await mailEvents(deps, 'payments', [paymentEvent(order.orderId, 'card_declined')])
    expect(sent).toMatchObject([{ subject: 'Your payment did not go through' }])
  })
})

describe('low stock', () => {
  it('is told to each of the staff by a mail of their own', async () => {
    const staff = [aContact({ email: 'one@example.com' }), aContact({ email: 'two@example.com' })]
    const { deps, sent } = world({ staff })
    const quote = { variantId: 7, name: 'Mug', sku: null }
    // Mails use nothing else of a quote.
    deps.catalog = { quoteEach: async () => ok([ok(quote as never)]) }
    await mailEvents(deps, 'catalog', [stockEvent(7)])
    expect(sent.map(({ to }) => to).toSorted()).toEqual(['one@example.com', 'two@example.com'])
    expect(new Set(sent.map(({ key }) => key)).size).toBe(2)
  })
})

describe('a provider that is down', () => {
  it('leaves the event to be delivered again, and then sends its mail with the same key', async () => {
    const order = anOrder()
    const { deps, sent, answers } = world({ orders: [order] })
    const event = orderEvent('order.paid', order.orderId)
    answers.push({ outcome: 'unavailable', reason: 'no_answer' })
    const failed = { eventId: event.id, outcome: 'failed', failure: 'service_unavailable' }
    expect(await mailEvents(deps, 'orders', [event])).toEqual([failed])
    expect(await mailEvents(deps, 'orders', [event])).toMatchObject([{ outcome: 'done' }])
    expect(sent).toHaveLength(1)
  })

  it('delays no other mail of the batch', async () => {
    const orders = [anOrder(), anOrder()]
    const { deps, answers } = world({ orders })
    answers.push({ outcome: 'unavailable', reason: 'no_answer' })
    const receipts = await mailEvents(
      deps,
      'orders',
      orders.map(({ orderId }) => orderEvent('order.paid', orderId)),
    )
    expect(receipts.map(({ outcome }) => outcome).toSorted()).toEqual(['done', 'failed'])
  })

  it('is not asked again for a mail that it refuses for good', async () => {
    const order = anOrder()
    const { deps, answers, sent, warnings } = world({ orders: [order] })
    const event = orderEvent('order.paid', order.orderId)
    answers.push({ outcome: 'refused', reason: 'validation_error' })
    expect(await mailEvents(deps, 'orders', [event])).toMatchObject([{ outcome: 'done' }])
    expect(await mailEvents(deps, 'orders', [event])).toMatchObject([{ outcome: 'done' }])
    expect([sent, warnings]).toEqual([[], ['mail_not_sent']])
  })
})

describe('a worker that is down', () => {
  it.each(['orderMails', 'contactsOf'] as const)('leaves the events to be delivered again (%s)', async (method) => {
    const contact = aContact()
    const order = anOrder({ userId: contact.userId, email: null })
    const { deps, sent } = world({ orders: [order], contacts: [contact] })
    if (method === 'orderMails')
      deps.orders = {
        orderMails: async () => DOWN,
        orderTokenMails: async () => DOWN,
        giftCardMails: async () => DOWN,
      }
    else deps.users = { ...deps.users, contactsOf: async () => DOWN }
    const receipts = await mailEvents(deps, 'orders', [orderEvent('order.paid', order.orderId)])
    expect(receipts).toMatchObject([{ outcome: 'failed', failure: 'service_unavailable' }])
    expect(sent).toEqual([])
  })
})

it('an address that is suppressed gets no mail, and the event is done', async () => {
  const order = anOrder()
  const { deps, sent, suppressed } = world({ orders: [order] })
  suppressed.add(await deps.hashAddress(' GUEST@example.com'))
  expect(await mailEvents(deps, 'orders', [orderEvent('order.paid', order.orderId)])).toMatchObject([
    { outcome: 'done' },
  ])
  expect(sent).toEqual([])
})

it.each(['a@example.com, b@example.com', 'a@example.com\r\nBcc: b@example.com', 'Ada <a@example.com>'])(
  'an address that a mail program would read as more than one is not sent to: %j',
  async (email) => {
    const order = anOrder({ email })
    const { deps, sent } = world({ orders: [order] })
    await mailEvents(deps, 'orders', [orderEvent('order.paid', order.orderId)])
    expect(sent).toEqual([])
  },
)

it('a shop without a provider sends nothing, and keeps no event waiting', async () => {
  const order = anOrder()
  const { deps, calls } = world({ orders: [order] })
  const receipts = await mailEvents({ ...deps, provider: undefined }, 'orders', [
    orderEvent('order.paid', order.orderId),
  ])
  expect([receipts, calls]).toMatchObject([[{ outcome: 'skipped' }], []])
})

it('an event that does not match the catalogue is reported', async () => {
  const { deps } = world()
  const event = { ...orderEvent('order.paid', newId('order')), version: 99 }
  expect(await mailEvents(deps, 'orders', [event])).toMatchObject([{ outcome: 'failed', failure: 'invalid_event' }])
})

describe('a webhook endpoint that was disabled', () => {
  const disabled = (endpointId: string): ShopEvent => ({
    ...{ id: 1, type: 'webhook_endpoint.disabled', version: 1, key: endpointId, sequence: 2 },
    ...{ payload: { endpointId }, createdAt: NOW },
  })
  const failing = anEndpoint({
    ...{ url: 'https://hooks.example.com/shop?token=hidden', description: 'Warehouse' },
    ...{ status: 'disabled', disabledReason: 'failing' },
  })

  it('is told to each of the staff who may change endpoints, without what may be secret in its URL', async () => {
    const staff = [aContact({ email: 'ada@example.com' }), aContact({ email: 'bo@example.com', locale: 'de' })]
    const { deps, sent } = world({ staff, endpoints: [failing] })
    expect(await mailEvents(deps, 'notifications', [disabled(failing.id)])).toEqual([{ eventId: 1, outcome: 'done' }])
    expect(sent.map(({ to, subject }) => [to, subject])).toEqual([
      ['ada@example.com', 'Webhooks to hooks.example.com are stopped'],
      ['bo@example.com', 'Webhooks an hooks.example.com sind angehalten'],
    ])
    for (const { html, text } of sent) {
      for (const body of [html, text]) expect(body).toContain(failing.id)
      for (const body of [html, text]) expect(body).not.toContain('hidden')
    }
  })

  it('is told to nobody once it is enabled again, or deleted', async () => {
    const { deps, sent } = world({ staff: [aContact()], endpoints: [anEndpoint({ id: failing.id })] })
    const gone = newId('webhookEndpoint')
    const events = [disabled(failing.id), { ...disabled(gone), id: 2 }]
    expect((await mailEvents(deps, 'notifications', events)).map(({ outcome }) => outcome)).toEqual([
      'skipped',
      'skipped',
    ])
    expect(sent).toEqual([])
  })
})
