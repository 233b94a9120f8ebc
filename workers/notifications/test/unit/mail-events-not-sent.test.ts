import { describe, expect, it } from 'vitest'
import { mailEvents } from '../../src/mails/mail-events.ts'
import { aContact, anOrder, orderEvent } from '../support/mails.ts'
import { DOWN, world } from '../support/world.ts'

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
