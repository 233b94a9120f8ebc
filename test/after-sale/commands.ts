import { eventually } from '@shop/testing/eventually'
import { asStaff } from './sold-order.ts'
import { assertAgree, type Command, cents, isAllBack, moneyBack, picked, send, type World } from './world.ts'

const BANK_WITHIN_MS = 15_000

const lineOf = ({ lines }: World, pick: number): string => picked(lines, pick)?.id ?? 'none'

const ship =
  (status: 'packed' | 'shipped'): Command['run'] =>
  async (world, pick) => {
    const { units, parcels, orderId } = world
    const [line, quantity] = [lineOf(world, pick), 1 + (Math.floor(pick / 2) % 3)]
    const body = { items: [{ line_id: line, quantity }], status }
    const reply = await send(world, 'POST', `/api/orders/${orderId}/shipments`, body)
    const { id } = reply.status === 201 ? reply.body.shipment : { id: 'none' }
    assertAgree(reply, !isAllBack(world) && units.pack(id, { [line]: quantity }))
    if (reply.status !== 201) return
    parcels.set(id, status === 'packed' ? 'packed' : 'gone')
    if (status === 'shipped') units.send(id)
  }

const changeParcel =
  (status: 'shipped' | 'delivered'): Command['run'] =>
  async (world, pick) => {
    const { units, parcels } = world
    const [id, state] = picked([...parcels], pick) ?? []
    if (id === undefined || state === undefined) return
    const reply = await send(world, 'PATCH', `/api/shipments/${id}`, { status })
    // A change that was made before succeeds, and changes nothing.
    const isPossible = { packed: !isAllBack(world), gone: true, delivered: status === 'delivered', opened: false }[
      state
    ]
    assertAgree(reply, isPossible)
    if (!isPossible) return
    if (state === 'packed') units.send(id)
    parcels.set(id, status === 'delivered' ? 'delivered' : 'gone')
  }

async function cancelParcel(world: World, pick: number): Promise<void> {
  const [id, state] = picked([...world.parcels], pick) ?? []
  if (id === undefined || state === undefined) return
  assertAgree(await send(world, 'POST', `/api/shipments/${id}/cancel`), state === 'packed' || state === 'opened')
  if (state !== 'packed') return
  world.units.unpack(id)
  world.parcels.set(id, 'opened')
}

/** Of one line, so that its money can be told from that of the others. */
async function refundLine(world: World, pick: number): Promise<void> {
  const [line, quantity] = [lineOf(world, pick), 1 + (Math.floor(pick / 2) % 3)]
  const quantities = { [line]: quantity }
  const body = { items: [{ line_id: line, quantity }] }
  const reply = await send(world, 'POST', `/api/payments/${world.paymentId}/refund`, body)
  if (reply.status === 409 && reply.body.code === 'refund_exceeds_captured') return assertTooMuch(world, line, quantity)
  const id = reply.status === 201 ? reply.body.refund.id : 'none'
  assertAgree(reply, world.units.refund(id, quantities))
  if (reply.status !== 201) return
  world.refunds.push({ id, amount: cents(reply.body.refund.amount), quantities, isReturned: false })
}

/** After refunds by amount too little may be left for units that could be refunded: for each at least its share, rounded down. */
function assertTooMuch(world: World, line: string, quantity: number): void {
  const { total = 0 } = world.lines.find(({ id }) => id === line) ?? {}
  const { packed, shipped, removed, toShip } = world.units.countsOf(line)
  const most = Math.ceil((total * quantity) / (packed + shipped + removed + toShip)) + quantity
  if (moneyBack(world) + most <= world.captured) throw new Error('A refund by line was refused that could be made')
}

async function refundAmount(world: World, pick: number): Promise<void> {
  const amount = 1 + (pick % 1_500)
  const reply = await send(world, 'POST', `/api/payments/${world.paymentId}/refund`, { amount: amount / 100 })
  assertAgree(reply, moneyBack(world) + amount <= world.captured)
  if (reply.status !== 201) return
  world.refunds.push({ id: reply.body.refund.id, amount, quantities: undefined, isReturned: false })
}

/** The customer's bank sends a refund back, and Stripe tells the shop. */
async function bankReturns(world: World, pick: number): Promise<void> {
  const { stage, refunds, paymentId, units } = world
  const refund = picked(
    refunds.filter(({ isReturned }) => !isReturned),
    pick,
  )
  if (refund === undefined) return
  const atStripe = stage.platform.stripe.refunds().find(({ metadata }) => metadata?.refund_id === refund.id)
  stage.platform.stripe.settleRefund(atStripe?.id ?? '', 'fail')
  refund.isReturned = true
  units.undoRefund(refund.id)
  const read = async () => (await asStaff(stage, 'GET', `/api/payments/${paymentId}`)).body.payment
  await eventually(read, ({ refunded_amount }) => cents(refunded_amount) === moneyBack(world), BANK_WITHIN_MS)
}

/** Everything that staff and banks may do after a sale. */
export const COMMANDS: readonly Command[] = [
  { name: 'ships', run: ship('shipped') },
  { name: 'packs', run: ship('packed') },
  { name: 'leaves', run: changeParcel('shipped') },
  { name: 'arrives', run: changeParcel('delivered') },
  { name: 'cancels a parcel', run: cancelParcel },
  { name: 'refunds a line', run: refundLine },
  { name: 'refunds an amount', run: refundAmount },
  { name: 'the bank returns a refund', run: bankReturns },
]
