import type { Reply } from '@shop/testing/client'
import { asStaff } from './sold-order.ts'
import { assertAgree, assertSame, cents, issueCard, picked, send, type World } from './world.ts'

const AMOUNT = 10

/** Two orders want all that a gift card has, at once. Together they get that, and cancelled they return it. */
export async function raceForCard(world: World, pick: number): Promise<void> {
  const { stage, customer, shelf, cards } = world
  const card = await issueCard(stage, AMOUNT)
  const items = [{ product_id: picked([...shelf.keys()], pick), quantity: 1 }]
  const place = () =>
    stage.shop.request('POST', '/api/orders', { token: customer.token, body: { items, gift_cards: [card.code] } })
  const replies = await Promise.all([place(), place()])
  const placed = replies.filter(({ status }) => status === 201)
  if (placed.length === 0) throw new Error('Neither order got the gift card')
  for (const reply of replies) if (reply.status !== 201) assertLost(reply)
  const spent = placed.reduce((sum, { body }) => sum + cents(body.order.gift_card_amount), 0)
  const { balance } = (await asStaff(stage, 'GET', `/api/gift-cards/${card.id}`)).body.gift_card
  assertSame('What the card has left', cents(balance), cents(AMOUNT) - spent)
  for (const { body } of placed) {
    const path = `/api/orders/${body.order.id}/status`
    assertAgree(await send(world, 'PATCH', path, { status: 'cancelled' }), true)
  }
  cards.set(card.id, cents(AMOUNT))
}

/** It saw that the card was empty, or lost the race. */
function assertLost({ status, body }: Reply): void {
  const isTold = ['used_up', 'changed'].includes(String(body.reason))
  assertSame('The other order', [status, body.code, isTold], [409, 'gift_card_not_applied', true])
}
