/**
 * What the stock of one variant ought to do, written as naively as possible: it keeps who did what and adds up anew
 * each time. The oracle of the property tests; it shares no code with the keeper.
 */
export type Step =
  | { do: 'hold'; id: string; quantity: number; seconds: number }
  | { do: 'extend'; id: string; seconds: number }
  | { do: 'release' | 'returnSale'; id: string }
  | { do: 'commit' | 'commitLate'; id: string; quantity: number }
  | { do: 'adjust'; key: string; delta: number; reason: 'receive' | 'damage' }
  | { do: 'setOnHand'; key: string; onHand: number }
  | { do: 'open'; key: string; quantity: number }

type Line = { quantity: number; until: number; end?: 'released' | 'sold' | 'returned' | 'refused' }
type Note = { did: string; asked: number; delta: number }

export function stockModel() {
  const lines = new Map<string, Line>()
  const notes = new Map<string, Note>()
  const moved: { reason: string; delta: number }[] = []
  const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0)
  const onHand = () =>
    sum([...notes.values()].map((note) => note.delta)) -
    sum([...lines.values()].map((line) => (line.end === 'sold' || line.end === 'returned' ? line.quantity : 0)))
  const isLive = (line: Line, now: number) => line.end === undefined && line.until > now
  const held = (now: number) => sum([...lines.values()].map((line) => (isLive(line, now) ? line.quantity : 0)))
  const available = (now: number) => onHand() - held(now)
  const state = (id: string, now: number) => {
    const line = lines.get(id)
    if (line === undefined) return 'unknown'
    return line.end ?? (line.until > now ? 'live' : 'expired')
  }

  function note(key: string, did: Note['did'], asked: number, delta: number, now: number): string {
    const known = notes.get(key)
    if (known !== undefined) return known.did === did && known.asked === asked ? 'ok' : 'adjustment_conflict'
    if (available(now) + delta < 0) return 'stock_below_held'
    notes.set(key, { did, asked, delta })
    moved.push({ reason: did, delta })
    return 'ok'
  }

  function hold(step: { id: string; quantity: number; seconds: number }, now: number): string {
    const words = {
      released: 'released',
      returned: 'released',
      expired: 'expired',
      refused: 'expired',
      sold: 'committed',
    }
    const was = state(step.id, now)
    if (was === 'live') return lines.get(step.id)?.quantity === step.quantity ? 'ok' : 'hold_conflict other_quantity'
    if (was !== 'unknown') return `hold_conflict ${words[was]}`
    if (step.seconds <= 0) return 'hold_conflict expired'
    if (step.quantity > available(now)) return 'out_of_stock'
    lines.set(step.id, { quantity: step.quantity, until: now + step.seconds })
    return 'ok'
  }

  function commit(step: { id: string; quantity: number }, now: number): string {
    const was = state(step.id, now)
    const line = lines.get(step.id)
    if (was === 'unknown') return 'hold_gone never_held'
    if (was === 'released' || was === 'returned') return 'hold_gone released'
    if (was === 'expired' || was === 'refused') return 'hold_gone expired'
    if (line?.quantity !== step.quantity) return 'hold_conflict other_quantity'
    if (line.end !== 'sold') moved.push({ reason: 'commit', delta: -line.quantity })
    line.end = 'sold'
    return 'ok'
  }

  function commitLate(step: { id: string; quantity: number }, now: number): string {
    const was = state(step.id, now)
    if (was === 'refused') return 'out_of_stock'
    if (was === 'live' || was === 'sold') return commit(step, now)
    if (was === 'released' || was === 'returned') return 'hold_conflict released'
    const end = step.quantity <= available(now) ? 'sold' : 'refused'
    lines.set(step.id, { quantity: step.quantity, until: now, end })
    if (end === 'sold') moved.push({ reason: 'commit', delta: -step.quantity })
    return end === 'sold' ? 'ok' : 'out_of_stock'
  }

  function extend(step: { id: string; seconds: number }, now: number): string {
    const was = state(step.id, now)
    const line = lines.get(step.id)
    if (was === 'sold') return 'ok'
    if (was === 'live' && line !== undefined) {
      line.until = Math.max(line.until, now + step.seconds)
      return 'ok'
    }
    return commit({ id: step.id, quantity: 0 }, now)
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
    notes.set(`undo ${id}`, { did: 'undo', asked: line.quantity, delta: line.quantity })
    moved.push({ reason: 'undo', delta: line.quantity })
    return 'ok'
  }

  function run(step: Step, now: number): string {
    switch (step.do) {
      case 'hold':
        return hold(step, now)
      case 'extend':
        return extend(step, now)
      case 'release':
        return release(step.id, now)
      case 'commit':
        return commit(step, now)
      case 'commitLate':
        return commitLate(step, now)
      case 'returnSale':
        return returnSale(step.id)
      case 'adjust':
        return note(step.key, step.reason, step.delta, step.delta, now)
      case 'setOnHand':
        return note(step.key, 'set', step.onHand, step.onHand - onHand(), now)
      case 'open': {
        const wasSet = [...notes.values()].some(({ did }) => did === 'set')
        return note(step.key, 'opening', step.quantity, wasSet ? 0 : step.quantity, now)
      }
    }
  }

  const level = (now: number) => ({ onHand: onHand(), held: held(now), available: available(now) })
  return { run, level, moved }
}
