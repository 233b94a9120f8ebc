import { assertAgree, type Command, isAllBack, picked, send, type World } from './world.ts'

export const lineOf = ({ lines }: World, pick: number): string => picked(lines, pick)?.id ?? 'none'

/** Nothing leaves while the customer owes something. */
const mayLeave = (world: World): boolean => !isAllBack(world) && world.due === 0

export const ship =
  (status: 'packed' | 'shipped'): Command['run'] =>
  async (world, pick) => {
    const { units, parcels, orderId } = world
    const [line, quantity] = [lineOf(world, pick), 1 + (Math.floor(pick / 2) % 3)]
    const body = { items: [{ line_id: line, quantity }], status }
    const reply = await send(world, 'POST', `/api/orders/${orderId}/shipments`, body)
    const { id } = reply.status === 201 ? reply.body.shipment : { id: 'none' }
    assertAgree(reply, mayLeave(world) && units.pack(id, { [line]: quantity }))
    if (reply.status !== 201) return
    parcels.set(id, status === 'packed' ? 'packed' : 'gone')
    if (status === 'shipped') units.send(id)
  }

export const changeParcel =
  (status: 'shipped' | 'delivered'): Command['run'] =>
  async (world, pick) => {
    const { units, parcels } = world
    const [id, state] = picked([...parcels], pick) ?? []
    if (id === undefined || state === undefined) return ship('packed')(world, pick)
    const reply = await send(world, 'PATCH', `/api/shipments/${id}`, { status })
    // A change that was made before succeeds, and changes nothing.
    const isPossible = { packed: mayLeave(world), gone: true, delivered: status === 'delivered', opened: false }[state]
    assertAgree(reply, isPossible)
    if (!isPossible) return
    if (state === 'packed') units.send(id)
    parcels.set(id, status === 'delivered' ? 'delivered' : 'gone')
  }

export async function cancelParcel(world: World, pick: number): Promise<void> {
  const [id, state] = picked([...world.parcels], pick) ?? []
  if (id === undefined || state === undefined) return ship('packed')(world, pick)
  assertAgree(await send(world, 'POST', `/api/shipments/${id}/cancel`), state === 'packed' || state === 'opened')
  if (state !== 'packed') return
  world.units.unpack(id)
  world.parcels.set(id, 'opened')
}
