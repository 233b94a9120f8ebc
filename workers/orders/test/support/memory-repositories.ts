import type { EventLog } from '@shop/contracts/events/log'
import type { ClaimedKey } from '@shop/db/idempotency-keys'
import type { OrdersDeps } from '../../src/deps.ts'
import type { Order, OrderChange, OrderEvent } from '../../src/orders/domain/order.ts'
import { isMoneyReturned } from '../../src/orders/domain/refund-status.ts'
import { changeOf } from '../../src/orders/domain/steps.ts'
import type { KeyClaim } from '../../src/orders/repository/idempotency-keys.ts'
import { recordCapture } from '../../src/payment-events/domain/capture.ts'
import type { PricingRules, RulesQuery } from '../../src/pricing/domain/purchase.ts'
import type { StoredAdjustment } from '../../src/stock/domain/stock-adjustment.ts'
import { isCancelledUnpaid, memoryClaims } from './memory-claims.ts'
import { memoryCounters } from './memory-counters.ts'
import { memoryInvoices } from './memory-invoices.ts'
import { memoryKeys } from './memory-keys.ts'
import { placing } from './orders.ts'

type Repositories = Pick<
  OrdersDeps,
  | 'orders'
  | 'keys'
  | 'rules'
  | 'buyers'
  | 'captures'
  | 'money'
  | 'invoices'
  | 'sales'
  | 'claims'
  | 'tokenRequests'
  | 'orderStock'
  | 'cancellations'
  | 'lineRefunds'
  | 'returns'
  | 'stockAdjustments'
  | 'erasures'
  | 'events'
>
type StoredKey = KeyClaim & { orderId?: string }

/** Repositories in memory, for the rules of operations; the SQL is tested on a database. `log` lists the writes. */
export function memoryRepositories(
  initial: Order[],
  log: (call: string) => void,
  rulesFor: (query: RulesQuery) => PricingRules,
  creationKeys = memoryKeys(),
) {
  const stored = new Map(initial.map((order) => [order.id, placing(order)]))
  const { invoices, issue } = memoryInvoices()
  const keys = new Map<string, StoredKey>()
  const adjustments = new Map<string, StoredAdjustment>()
  const keyOf = ({ scope, key }: KeyClaim) => `${scope} ${key}`
  const save = (change: OrderChange) => {
    const events = stored.get(change.order.id)?.events ?? []
    stored.set(change.order.id, { order: change.order, events: [...events, change.event], giftCards: [] })
    issue(change.order, change.invoices)
    for (const one of change.stockAdjustments ?? []) {
      adjustments.set(one.key, { ...one, orderId: change.order.id, createdAt: change.event.at })
    }
  }
  const all = () => [...stored.values()].map(({ order }) => order)
  const isRecorded = (event: OrderEvent) =>
    event.data.refundId !== undefined &&
    stored
      .get(event.orderId)
      ?.events.some(({ type, data }) => type === event.type && data.refundId === event.data.refundId) === true

  const claimed = (claim: KeyClaim): ClaimedKey<Order> => {
    const held = keys.get(keyOf(claim))
    if (held === undefined) {
      keys.set(keyOf(claim), { ...claim })
      return { kind: 'claimed' }
    }
    if (held.requestHash !== claim.requestHash) return { kind: 'other_request' }
    const known = all().find(({ id }) => id === held.orderId)
    return known === undefined ? { kind: 'in_flight' } : { kind: 'known', subject: known, attempt: null, answer: null }
  }
  const count = memoryCounters(all)

  const repositories: Repositories = {
    orders: {
      find: async (id) => stored.get(id)?.order,
      findOfCart: async (cartId) => all().find((order) => order.cartId === cartId && !isCancelledUnpaid(order)),
      findOfShipment: async (id) => all().find(({ shipments }) => shipments.some((one) => one.id === id)),
      findAll: async (ids) => all().filter(({ id }) => ids.includes(id)),
      statusesOf: async (ids) =>
        new Map(all().flatMap(({ id, status }) => (ids.includes(id) ? [[id, status] as const] : []))),
      findWithEvents: async (id) => {
        const found = stored.get(id)
        return found && { order: found.order, events: found.events }
      },
      list: async ({ of, status, toShip, after, limit }) =>
        all()
          .filter(({ userId }) => of === 'all' || userId === of)
          .filter((order) => status === undefined || order.status === status)
          .filter((order) => toShip !== true || !isMoneyReturned(order))
          .sort((a, b) => positionOf(b).localeCompare(positionOf(a)))
          .filter((order) => after === undefined || positionOf(order) < `${after.sortKey} ${after.id}`)
          .slice(0, limit),
      insert: async (placed, { counters, claim }) => {
        log('insert')
        const broken = placed.order.status === 'pending' ? count.brokenBy(placed.order, counters) : undefined
        if (broken !== undefined) return broken
        if (placed.order.cartId !== null && (await repositories.orders.findOfCart(placed.order.cartId)) !== undefined) {
          return 'cart_ordered'
        }
        const held = claim === undefined ? undefined : keys.get(keyOf(claim))
        if (claim !== undefined && held?.claim !== claim.claim) return 'taken_over'
        if (held !== undefined) held.orderId = placed.order.id
        stored.set(placed.order.id, placed)
        issue(placed.order, placed.invoices)
        if (placed.order.status === 'pending') count.add(placed.order, counters)
        return 'inserted'
      },
      saveChange: async (change) => {
        if (stored.get(change.order.id)?.order.version !== change.order.version - 1) return 'lost'
        if (isRecorded(change.event)) return 'repeated'
        const { key, shipment } = change
        if (creationKeys.isKnown(key)) return 'repeated'
        if (shipment !== undefined) creationKeys.remember(key, shipment.shipment.id)
        if (change.editedLines !== undefined) creationKeys.remember(key, `${change.order.id} ${change.order.version}`)
        log(`save ${change.event.type}`)
        save(change)
        return 'saved'
      },
      expire: async () => 0,
    },
    keys: {
      begin: async (claim, { counters, query }) => ({
        key: claim && claimed(claim),
        states: count.statesOf(counters),
        rules: rulesFor(query),
        number: 1_001 + stored.size,
      }),
      drop: async (claim) => {
        log('drop claim')
        const held = keys.get(keyOf(claim))
        if (held?.claim === claim.claim && held.orderId === undefined) keys.delete(keyOf(claim))
      },
      prune: async () => 0,
    },
    rules: { find: async (query) => rulesFor(query) },
    buyers: {
      prune: async () => 0,
    },
    captures: {
      capturePending: async (fact, now) => {
        const order = stored.get(fact.orderId)?.order
        if (order?.status !== 'pending') return { captured: false, order }
        const { step } = recordCapture(order, fact)
        if (step.kind === 'unchanged') return { captured: false, order }
        const change = changeOf(order, step, { actor: { kind: 'system' }, at: now })
        log('save paid')
        save(change)
        return { captured: true, order: change.order }
      },
    },
    money: { record: async ([entry]) => all().find(({ id }) => id === entry?.orderId) },
    invoices,
    sales: { sumsOf: async () => ({ rows: [], totals: [] }) },
    claims: memoryClaims(stored),
    tokenRequests: { ask: async () => {}, listAsked: async () => [], prune: async () => 0 },
    orderStock: {
      listUnsold: async ({ before, after, limit }) =>
        all()
          .filter(
            ({ updatedAt, id }) =>
              after === undefined || `${updatedAt.toISOString()} ${id}` > `${after.sortKey} ${after.id}`,
          )
          .sort((a, b) => `${a.updatedAt.toISOString()} ${a.id}`.localeCompare(`${b.updatedAt.toISOString()} ${b.id}`))
          .filter(
            ({ status, stockCommitted, updatedAt }) => status === 'processing' && !stockCommitted && updatedAt < before,
          )
          .slice(0, limit),
      listDecided: async () => [],
    },
    cancellations: { listOpen: async () => [] },
    erasures: nobodyErased,
    lineRefunds: {
      listOpen: async ({ before, limit }) =>
        all()
          .flatMap(({ id: orderId, lineRefunds }) =>
            lineRefunds
              .filter(({ state, createdAt }) => state === 'reserved' && createdAt < before)
              .map(({ refundId }) => ({ orderId, refundId })),
          )
          .slice(0, limit),
    },
    returns: {
      findOrder: async (id) => all().find(({ returns }) => returns.some((one) => one.id === id)),
      list: async () => [],
      saveExchange: async () => 'original_changed',
    },
    stockAdjustments: memoryAdjustments(adjustments),
    events: noEvents(log),
  }
  const find = (id: string) => all().find((order) => order.id === id)
  return {
    repositories,
    find,
    historyOf: (id: string) => all().flatMap((order) => (order.id === id ? (stored.get(order.id)?.events ?? []) : [])),
  }
}

const positionOf = ({ createdAt, id }: Order) => `${createdAt.toISOString()} ${id}`

/** Those that are not done. */
const memoryAdjustments = (open: Map<string, StoredAdjustment>): OrdersDeps['stockAdjustments'] => ({
  listOpen: async ({ before, limit }) =>
    [...open.values()].filter(({ createdAt }) => createdAt < before).slice(0, limit),
  markDone: async (done) => {
    for (const key of done) open.delete(key)
  },
})

const nobodyErased: OrdersDeps['erasures'] = {
  request: async () => {},
  claimDue: async () => [],
  postpone: async () => {},
  end: async () => {},
  forget: async () => {},
  listCarts: async () => [],
  listSettled: async () => [],
  hasOpenOrders: async () => false,
  eraseOrder: async () => false,
}

const noEvents = (log: (call: string) => void): EventLog => ({
  pull: async () => [],
  settle: async ({ receipts }) => {
    log(`settle ${receipts.map(({ eventId }) => eventId).join(' ')}`)
    return 0
  },
  list: async () => [],
  retry: async () => false,
  skip: async () => false,
  replay: async () => ({ replayed: 0, lastId: undefined }),
  lag: async () => [],
  prune: async () => 0,
})
