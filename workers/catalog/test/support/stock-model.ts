/**
 * The reference model of one variant's stock, as simple as possible: it records every operation and recomputes the totals
 * each time. The oracle of the property tests; it shares no code with the domain.
 *
 * It begins with its opening stock, which becomes a movement of its own when the stock is first needed.
 */
export type Operation =
  | { do: 'hold'; id: string; quantity: number; seconds: number }
  | { do: 'extend'; id: string; seconds: number }
  | { do: 'release' | 'returnSale'; id: string }
  | { do: 'commit' | 'commitLate' | 'shrink'; id: string; quantity: number }
  | { do: 'adjust'; key: string; delta: number; reason: 'receive' | 'damage' }
  | { do: 'setAvailable'; key: string; available: number; expected?: number | undefined }

type Line = { quantity: number; until: number; end?: 'released' | 'sold' | 'returned' | 'refused' }
type Adjustment = { kind: string; requested: number; delta: number }

/** `continue` sells more than there is. */
export type Policy = 'deny' | 'continue'

const OPENING: Operation['do'][] = ['hold', 'commitLate', 'adjust', 'setAvailable']

export function stockModel(openingStock = 0) {
  let isOpen = false
  const lines = new Map<string, Line>()
  const adjustments = new Map<string, Adjustment>()
  const moved: { reason: string; delta: number }[] = []
  const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0)
  const onHand = () =>
    (isOpen ? 0 : openingStock) +
    sum([...adjustments.values()].map(({ delta }) => delta)) -
    sum([...lines.values()].map((line) => (line.end === 'sold' || line.end === 'returned' ? line.quantity : 0)))
  const isLive = (line: Line, now: number) => line.end === undefined && line.until > now
  const held = (now: number) => sum([...lines.values()].map((line) => (isLive(line, now) ? line.quantity : 0)))
  const available = (now: number) => onHand() - held(now)
  const state = (id: string, now: number) => {
    const line = lines.get(id)
    if (line === undefined) return 'unknown'
    return line.end ?? (line.until > now ? 'live' : 'expired')
  }

  function adjust(
    key: string,
    kind: Adjustment['kind'],
    requested: number,
    delta: number,
    now: number,
    policy: Policy,
  ): string {
    const known = adjustments.get(key)
    if (known !== undefined) return known.kind === kind && known.requested === requested ? 'ok' : 'adjustment_conflict'
    if (delta < 0 && available(now) + delta < 0 && policy === 'deny') return 'stock_below_held'
    adjustments.set(key, { kind, requested, delta })
    moved.push({ reason: kind, delta })
    return 'ok'
  }

  function setAvailable(
    wanted: { key: string; available: number; expected?: number | undefined },
    now: number,
    policy: Policy,
  ): string {
    const present = available(now)
    const isNew = !adjustments.has(wanted.key)
    if (isNew && wanted.available < 0 && policy === 'deny') return 'stock_below_zero'
    const isUnchanged = wanted.available === wanted.expected || wanted.available === present
    if (isNew && isUnchanged) return 'ok'
    if (isNew && wanted.expected !== undefined && wanted.expected !== present) return 'stock_changed'
    if (isNew && wanted.available < 0) return 'stock_below_zero'
    return adjust(wanted.key, 'set', wanted.available, wanted.available - present, now, policy)
  }

  function hold(operation: { id: string; quantity: number; seconds: number }, now: number, policy: Policy): string {
    const words = {
      released: 'released',
      returned: 'released',
      expired: 'expired',
      refused: 'expired',
      sold: 'committed',
    }
    const was = state(operation.id, now)
    if (was === 'live')
      return lines.get(operation.id)?.quantity === operation.quantity ? 'ok' : 'hold_conflict other_quantity'
    if (was !== 'unknown') return `hold_conflict ${words[was]}`
    if (operation.seconds <= 0) return 'hold_conflict expired'
    if (operation.quantity > available(now) && policy === 'deny') return 'out_of_stock'
    lines.set(operation.id, { quantity: operation.quantity, until: now + operation.seconds })
    return 'ok'
  }

  function commit(operation: { id: string; quantity: number }, now: number): string {
    const was = state(operation.id, now)
    const line = lines.get(operation.id)
    if (was === 'unknown') return 'hold_gone never_held'
    if (was === 'released' || was === 'returned') return 'hold_gone released'
    if (was === 'expired' || was === 'refused') return 'hold_gone expired'
    const fits = was === 'live' ? operation.quantity <= (line?.quantity ?? 0) : line?.quantity === operation.quantity
    if (line === undefined || !fits) return 'hold_conflict other_quantity'
    line.quantity = operation.quantity
    if (line.end !== 'sold') moved.push({ reason: 'commit', delta: -line.quantity })
    line.end = 'sold'
    return 'ok'
  }

  function commitLate(operation: { id: string; quantity: number }, now: number, policy: Policy): string {
    const was = state(operation.id, now)
    if (was === 'refused') return 'out_of_stock'
    if (was === 'live' || was === 'sold') return commit(operation, now)
    if (was === 'released' || was === 'returned') return 'hold_conflict released'
    const end = operation.quantity <= available(now) || policy === 'continue' ? 'sold' : 'refused'
    lines.set(operation.id, { quantity: operation.quantity, until: now, end })
    if (end === 'sold') moved.push({ reason: 'commit', delta: -operation.quantity })
    return end === 'sold' ? 'ok' : 'out_of_stock'
  }

  function extend(operation: { id: string; seconds: number }, now: number): string {
    const was = state(operation.id, now)
    const line = lines.get(operation.id)
    if (was === 'sold') return 'ok'
    if (was === 'live' && line !== undefined) {
      line.until = Math.max(line.until, now + operation.seconds)
      return 'ok'
    }
    return commit({ id: operation.id, quantity: 0 }, now)
  }

  function release(id: string, now: number): string {
    const was = state(id, now)
    if (was === 'unknown') lines.set(id, { quantity: 0, until: now, end: 'released' })
    const line = lines.get(id)
    if (line !== undefined && (was === 'live' || was === 'expired')) line.end = 'released'
    return 'ok'
  }

  function returnSale(id: string): string {
    const line = lines.get(id)
    if (line?.end !== 'sold') return 'ok'
    line.end = 'returned'
    adjustments.set(`undo ${id}`, { kind: 'undo', requested: line.quantity, delta: line.quantity })
    moved.push({ reason: 'undo', delta: line.quantity })
    return 'ok'
  }

  function shrink({ id, quantity }: { id: string; quantity: number }, now: number): string {
    const was = state(id, now)
    const line = lines.get(id)
    if (line === undefined || (was !== 'live' && was !== 'sold') || line.quantity <= quantity) return 'ok'
    if (quantity === 0) return was === 'live' ? release(id, now) : returnSale(id)
    if (was === 'sold') moved.push({ reason: 'undo', delta: line.quantity - quantity })
    line.quantity = quantity
    return 'ok'
  }

  function open(): void {
    isOpen = true
    adjustments.set('opening', { kind: 'opening', requested: openingStock, delta: openingStock })
    moved.push({ reason: 'opening', delta: openingStock })
  }

  function run(operation: Operation, now: number, policy: Policy = 'deny'): string {
    if (!isOpen && OPENING.includes(operation.do)) open()
    switch (operation.do) {
      case 'hold':
        return hold(operation, now, policy)
      case 'extend':
        return extend(operation, now)
      case 'release':
        return release(operation.id, now)
      case 'commit':
        return commit(operation, now)
      case 'commitLate':
        return commitLate(operation, now, policy)
      case 'returnSale':
        return returnSale(operation.id)
      case 'shrink':
        return shrink(operation, now)
      case 'adjust':
        return adjust(operation.key, operation.reason, operation.delta, operation.delta, now, policy)
      case 'setAvailable':
        return setAvailable(operation, now, policy)
    }
  }

  const level = (now: number) => ({ onHand: onHand(), held: held(now), available: available(now) })
  return { run, level, moved }
}
