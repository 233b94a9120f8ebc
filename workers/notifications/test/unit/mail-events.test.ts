import type { ShopEvent } from '@shop/contracts/events/catalogue'
import { newId } from '@shop/http/ids'
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
} from '../support/mails.ts'
import { anEndpoint } from '../support/webhooks.ts'
import { world } from '../support/world.ts'

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
