import type { OrderBody } from '@shop/testing/order-body'
import { asStaff } from './sold-order.ts'
import { backFor, cents, moneyBack, moneyPaid, readOrderOf, type World } from './world.ts'

/** What differs between the order and the things, in words. */
export async function worldMismatches(world: World): Promise<string[]> {
  const order = await readOrderOf(world)
  const [shelf, cards] = await Promise.all([shelfMismatches(world), cardMismatches(world)])
  return [
    ...unitMismatches(world, order),
    ...returnMismatches(world, order),
    ...moneyMismatches(world, order),
    ...shelf,
    ...cards,
  ]
}

function unitMismatches({ units, parcels }: World, order: OrderBody): string[] {
  const STATUS = { packed: 'packed', gone: 'shipped', delivered: 'delivered', opened: 'cancelled' } as const
  const ofLines = order.items.flatMap((item) => {
    const { packed, shipped, removed, refunded, returning, returned, toShip } = units.countsOf(item.id)
    const things = [toShip, packed, shipped, removed, refunded, returning, returned]
    const counted = [
      ...[item.to_ship, item.packed_quantity, item.shipped_quantity, item.removed_quantity],
      ...[item.refunded_quantity, item.returning_quantity, item.returned_quantity],
    ]
    const found = String(things) === String(counted) ? [] : [`units of ${item.name} are ${counted}, really ${things}`]
    if (item.shipped_quantity + item.removed_quantity > item.quantity) found.push('more units left than were ordered')
    if (item.returned_quantity > item.shipped_quantity) found.push('more units came back than have left')
    return found
  })
  const ofParcels = [...parcels].filter(([id, state]) =>
    order.shipments.every((shipment) => shipment.id !== id || shipment.status !== STATUS[state]),
  )
  return [...ofLines, ...ofParcels.map(([id, state]) => `${id} is really ${state}`)]
}

function returnMismatches({ returns }: World, order: OrderBody): string[] {
  return [...returns].flatMap(([id, { status, quantity, restocked, writtenOff, isExchanged }]) => {
    const found = order.returns.find((one) => one.id === id)
    const [item] = found?.items ?? []
    const counted = [item?.quantity, item?.restocked_quantity, item?.written_off_quantity]
    const really = [quantity, restocked, writtenOff]
    const isSame = found?.status === status && String(counted) === String(really)
    const isLinked = (found?.exchange_order_id ?? null) !== null
    return isSame && isLinked === isExchanged
      ? []
      : [`${id} is ${found?.status} ${counted}, really ${status} ${really}`]
  })
}

function moneyMismatches(world: World, order: OrderBody): string[] {
  const [back, paid] = [moneyBack(world), moneyPaid(world)]
  const found: string[] = []
  const compare = (name: string, amount: number, really: number) => {
    if (cents(amount) !== really) found.push(`${amount} ${name}, really ${really}`)
  }
  compare('refunded', order.refunded_amount, back)
  compare('due', order.amount_due, world.due)
  compare('paid', order.captured_amount + order.gift_card_amount, paid)
  if (back > paid) found.push(`${back} went back of ${paid}`)
  for (const { id, total, isShrunk } of world.lines) {
    const ofLine = backFor(world, id)
    const item = order.items.find((one) => one.id === id)
    const isAll = !isShrunk && item?.refunded_quantity === item?.quantity && isExact(world, id)
    if (ofLine > total || (isAll && ofLine !== total)) found.push(`${ofLine} went back of ${total} of a line`)
  }
  return found
}

/** Whether each refund of units of a line gave all that was paid for them. */
const isExact = ({ refunds }: World, line: string): boolean =>
  refunds.every(({ isReturned, isWhole, quantities }) => isReturned || isWhole || !quantities[line])

/** What edits have added and nobody has paid is held. */
async function shelfMismatches({ stage, shelf, lines }: World): Promise<string[]> {
  const found = await Promise.all(
    [...shelf].map(async ([productId, free]) => {
      const { inventory } = (await asStaff(stage, 'GET', `/api/inventory/${productId}`)).body
      const held = lines.reduce(
        (sum, line) => (line.productId === productId && !line.isPaid ? sum + line.quantity : sum),
        0,
      )
      const counted = [inventory.on_hand, inventory.held, inventory.available]
      const really = [free + held, held, free]
      return String(counted) === String(really) ? [] : [`product ${productId}: stock is ${counted}, really ${really}`]
    }),
  )
  return found.flat()
}

async function cardMismatches({ stage, cards }: World): Promise<string[]> {
  const found = await Promise.all(
    [...cards].map(async ([id, balance]) => {
      const card = (await asStaff(stage, 'GET', `/api/gift-cards/${id}`)).body.gift_card
      const entries = card.entries.reduce((sum, { amount }) => sum + cents(amount), 0)
      const isSame = cents(card.balance) === balance && entries === balance
      return isSame ? [] : [`${id} has ${card.balance}, its entries ${entries}, really ${balance}`]
    }),
  )
  return found.flat()
}
