import { evictDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { fakePostgres } from '../support/fake-postgres.ts'
import { withTerms } from '../support/stock-stub.ts'
import { termsWith } from '../support/terms.ts'

let postgres: ReturnType<typeof fakePostgres>
beforeEach(() => {
  postgres = fakePostgres()
})
afterEach(() => {
  vi.restoreAllMocks()
})

const CALLS = 3_000
const TIMEOUT_MS = 60_000
const BUYERS = 400
/** All tests share storage, so this one has its own variants. */
const VARIANT = 90_001

/** The same numbers for the same seed, so that a failure can be reproduced. */
function dice(seed: number) {
  let state = seed
  return (sides: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * sides)
  }
}

/** A buyer's quantity is always the same, since a retry repeats its request. */
const quantityOf = (buyer: number) => 1 + (buyer % 3)

it.each([1, 2, 3])(
  'thousands of concurrent calls leave a ledger that agrees with every answer (%d)',
  async (seed) => {
    const object = env.STOCK.getByName(String(VARIANT + seed))
    const stub = withTerms(object, termsWith({ openingStock: 300 }))
    const roll = dice(seed)
    const expiresAt = new Date(Date.now() + 900_000)
    const answered = {
      sold: new Set<number>(),
      returned: new Set<number>(),
      released: new Set<number>(),
      held: new Set<number>(),
      adjusted: new Map<string, number>(),
    }

    async function call(): Promise<void> {
      const buyer = roll(BUYERS)
      const request = { holdId: `order_${buyer}`, quantity: quantityOf(buyer) }
      const kind = roll(12)
      if (kind < 5) {
        if ((await stub.hold({ ...request, expiresAt })).ok) answered.held.add(buyer)
      } else if (kind < 7) {
        if ((await stub.commit(request)).ok) answered.sold.add(buyer)
      } else if (kind === 7) {
        await stub.release(request)
        answered.released.add(buyer)
      } else if (kind === 8) {
        await stub.returnSale(request)
        answered.returned.add(buyer)
      } else if (kind === 9) {
        if ((await stub.commitLate(request)).ok) answered.sold.add(buyer)
      } else {
        const key = `adjust:${roll(200)}`
        const delta = (Number(key.slice(7)) % 9) - 4 || 5
        const adjusted = await stub.adjust({ delta, reason: delta > 0 ? 'receive' : 'damage', key })
        if (adjusted.ok) answered.adjusted.set(key, delta)
      }
    }
    await Promise.all(Array.from({ length: CALLS }, call))

    const audit = await stub.audit()
    const found = await stub.findHolds({ holdIds: Array.from({ length: BUYERS }, (_, buyer) => `order_${buyer}`) })
    const unitsIn = (state: string) =>
      found.filter((hold) => hold.state === state).reduce((sum, { quantity }) => sum + quantity, 0)
    const adjusted = [...answered.adjusted.values()].reduce((sum, delta) => sum + delta, 0)
    expect(audit.level.onHand).toBe(300 + adjusted - unitsIn('sold'))
    expect(audit.level.held).toBe(unitsIn('live'))
    expect(audit.level.available).toBe(audit.level.onHand - audit.level.held)
    expect(audit.level.available).toBeGreaterThanOrEqual(0)
    expect(audit).toMatchObject({ moved: audit.level.onHand, held: audit.level.held })
    for (const [buyer, { state, quantity }] of found.entries()) {
      if (state !== 'unknown' && quantity > 0) expect(quantity).toBe(quantityOf(buyer))
      if (answered.sold.has(buyer)) expect(['sold', 'returned']).toContain(state)
      if (state === 'sold' || state === 'returned') expect(answered.sold.has(buyer)).toBe(true)
      if (state === 'returned') expect(answered.returned.has(buyer)).toBe(true)
      if (state === 'live') expect(answered.held.has(buyer)).toBe(true)
      if (answered.released.has(buyer)) expect(state).not.toBe('live')
    }
    expect(unitsIn('sold') + unitsIn('live')).toBeGreaterThan(50)

    const { sequence, available } = audit.level
    await vi.waitFor(() => expect(postgres.of(VARIANT + seed).at(-1)).toMatchObject({ sequence, available }), 4_000)
    await evictDurableObject(object)
    expect(await stub.audit()).toEqual({ ...audit, isListingDue: false })
  },
  TIMEOUT_MS,
)

/** A form that an editor opened: the stock they saw, what they made of it, and the answers to saving it several times. */
type Edit = { expected: number; available: number; isAccepted: boolean }

it.each([1, 2])(
  'editors who save what they saw neither invent nor lose units while buyers hold and buy (%d)',
  async (seed) => {
    const opening = 1_000
    const object = env.STOCK.getByName(String(VARIANT + 100 + seed))
    const stub = withTerms(object, termsWith({ openingStock: opening }))
    const roll = dice(seed)
    const expiresAt = new Date(Date.now() + 900_000)
    const edits: Edit[] = []

    async function buy(buyer: number): Promise<void> {
      const request = { holdId: `order_${buyer}`, quantity: quantityOf(buyer) }
      const held = await stub.hold({ ...request, expiresAt })
      if (held.ok && roll(4) > 0) await stub.commit(request)
      else await stub.release(request)
    }

    async function edit(): Promise<void> {
      const { available: expected } = await stub.level()
      const isTouched = roll(3) > 0
      const available = isTouched ? expected + roll(40) : expected
      // Other calls run between reading the form and saving it; then the same form is sent once more.
      await stub.audit()
      for (const _ of ['first', 'again']) {
        const set = await stub.setAvailable({ available, expected, key: `set:${crypto.randomUUID()}` })
        if (!set.ok) expect(set.failure).toMatchObject({ code: 'stock_changed' })
        edits.push({ expected, available, isAccepted: set.ok })
      }
    }

    const buyers = Array.from({ length: BUYERS }, (_, buyer) => buy(buyer))
    const editors = Array.from({ length: 40 }, async () => {
      for (let n = 0; n < 5; n += 1) await edit()
    })
    await Promise.all([...buyers, ...editors])

    const audit = await stub.audit()
    const { entries } = await stub.ledger({ limit: 10_000 })
    const found = await stub.findHolds({ holdIds: Array.from({ length: BUYERS }, (_, buyer) => `order_${buyer}`) })
    const sold = found.reduce((sum, { state, quantity }) => sum + (state === 'sold' ? quantity : 0), 0)
    const sets = entries.filter(({ reason }) => reason === 'set')
    const added = sets.reduce((sum, { delta }) => sum + delta, 0)
    expect(audit.level.onHand).toBe(opening + added - sold)
    expect(audit).toMatchObject({ moved: audit.level.onHand, held: audit.level.held })
    // Each movement is what one editor made of what they saw, and no unchanged form made one.
    const accepted = edits.filter(({ available, expected, isAccepted }) => isAccepted && available !== expected)
    const wanted = new Set(accepted.map(({ available, expected }) => `${expected} to ${available}`))
    for (const { requested, delta } of sets) expect(wanted).toContain(`${requested - delta} to ${requested}`)
    for (const { available, expected, isAccepted } of edits) if (available === expected) expect(isAccepted).toBe(true)
    expect(sets.length).toBeGreaterThan(0)
  },
  TIMEOUT_MS,
)
