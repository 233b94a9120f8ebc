import type { OrderId } from '@shop/kernel/ids'
import { fail, ok } from '@shop/kernel/result'
import type { Cart } from '../../src/carts/domain/cart.ts'
import type { CartRow } from '../../src/carts/domain/cart-row.ts'
import { claimCart } from '../../src/carts/domain/claim-cart.ts'
import { beginCompletion, endCompletion, reopen } from '../../src/carts/domain/completion.ts'
import { decideErasure, decideRemoval } from '../../src/carts/domain/decide-removal.ts'
import { asOf } from '../../src/carts/domain/expiry.ts'
import { mayRead } from '../../src/carts/domain/may-use.ts'
import { cancelMerge, markMerged } from '../../src/carts/domain/merge-carts.ts'
import type { RequestKey } from '../../src/carts/domain/request-key.ts'
import { saveAnswer } from '../../src/carts/domain/save-answer.ts'
import { writeCart } from '../../src/carts/domain/write-cart.ts'
import { recentRules } from '../../src/carts/internal/recent-rules.ts'
import type { OrdersDeps } from '../../src/deps.ts'

type Stored = { cart: Cart; keys: Map<string, RequestKey> }
const NOT_FOUND = { code: 'cart_not_found' } as const

/**
 * Carts in memory, decided by the same functions as in their objects, for the rules of operations; the objects themselves are
 * tested in workerd.
 *
 * @param findRules what prices them
 */
export function memoryCarts(
  now: () => Date,
  findRules: OrdersDeps['rules']['find'],
): Pick<OrdersDeps, 'carts' | 'cartRows' | 'recentRules'> {
  const stored = new Map<string, Stored>()
  const cartOf = (id: string) => {
    const found = stored.get(id)
    return found === undefined || found.cart.isDeleted ? undefined : asOf(found.cart, now())
  }
  const save = (cart: Cart, key?: RequestKey) => {
    const keys = stored.get(cart.id)?.keys ?? new Map<string, RequestKey>()
    if (key !== undefined) keys.set(key.key, key)
    stored.set(cart.id, { cart, keys })
  }
  const change = (id: string, decide: (cart: Cart) => Cart) => {
    const cart = cartOf(id)
    if (cart !== undefined) save(decide(cart))
  }
  const carts: OrdersDeps['carts'] = {
    read: async (id, { access, key }) => {
      const cart = cartOf(id)
      if (cart === undefined || !mayRead(cart, access)) return fail(NOT_FOUND)
      const known = key && stored.get(id)?.keys.get(key.key)
      if (known !== undefined && known.requestHash !== key?.requestHash) return fail({ code: 'idempotency_key_reused' })
      return ok({ cart, isKnownKey: known !== undefined })
    },
    create: async (id, { cart, key, access }) => {
      const known = await carts.read(id, { access, key })
      if (known.ok) return ok({ cart: known.value.cart, isReplayed: true })
      const before = stored.get(id)
      if (before?.cart.isDeleted) {
        const isSame = before.keys.get(key.key)?.requestHash === key.requestHash
        return fail({ code: isSame ? 'cart_not_found' : 'idempotency_key_reused' })
      }
      save(cart, key)
      return ok({ cart, isReplayed: false })
    },
    write: async (id, { key, sentKey, shown, ...write }) => {
      const known = await carts.read(id, { access: write.access, key })
      if (!known.ok) return known
      if (known.value.isKnownKey) return ok({ cart: known.value.cart, changes: [], isReplayed: true })
      const sent = sentKey && stored.get(id)?.keys.get(sentKey.key)
      if (sent !== undefined && sent.requestHash !== sentKey?.requestHash)
        return fail({ code: 'idempotency_key_reused' })
      const written = writeCart(known.value.cart, write, now())
      if (!written.ok) return written
      const cart = shown === undefined ? written.value.cart : saveAnswer(written.value.cart, shown)
      save(cart, key)
      if (sentKey !== undefined) save(cart, sentKey)
      return ok({ ...written.value, cart, isReplayed: false })
    },
    saveAnswer: async (id, request) => change(id, (cart) => saveAnswer(cart, request)),
    markMerged: async (id, request) => {
      const cart = cartOf(id)
      const marked = cart === undefined ? fail(NOT_FOUND) : markMerged(cart, request, now())
      if (marked.ok) save(marked.value)
      return marked
    },
    claim: async (id, account) => {
      const cart = cartOf(id)
      const claimed = cart === undefined ? fail(NOT_FOUND) : claimCart(cart, account, now())
      if (claimed.ok) save(claimed.value)
      return claimed
    },
    cancelMerge: async (id, request) => change(id, (cart) => cancelMerge(cart, request, now())),
    beginCompletion: async (id, { key, ...request }) => {
      const cart = cartOf(id)
      if (cart === undefined) return fail(NOT_FOUND)
      const known = key && stored.get(id)?.keys.get(key.key)
      if (known !== undefined && known.requestHash !== key?.requestHash) return fail({ code: 'idempotency_key_reused' })
      // Only the end of a completion stores subjects of these keys.
      if (known?.subject) return ok({ kind: 'completed', orderId: known.subject as OrderId, isKnownKey: true })
      const begun = beginCompletion(cart, request, now())
      if (!begun.ok) return begun
      if (begun.value.kind === 'busy') return fail({ code: 'cart_completing' })
      if ('cart' in begun.value) save(begun.value.cart)
      return ok(begun.value)
    },
    endCompletion: async (id, { key, ...end }) => {
      change(id, (cart) => endCompletion(cart, end, now()))
      const cart = cartOf(id)
      if (cart !== undefined && key !== undefined && end.order !== null) save(cart, { ...key, subject: end.order.id })
    },
    reopen: async (id, { orderId }) => change(id, (cart) => reopen(cart, orderId, now())),
    remove: async (id, removal) => {
      const cart = cartOf(id)
      const decided = cart === undefined ? fail(NOT_FOUND) : decideRemoval(cart, removal, now())
      if (!decided.ok) return decided
      save(decided.value)
      return ok()
    },
    erase: async (id) => {
      const cart = cartOf(id)
      const decided = cart && decideErasure(cart, now())
      if (decided?.ok === false) return decided
      if (decided !== undefined) save(decided.value)
      return ok()
    },
  }
  return { carts, cartRows: memoryCartRows(), recentRules: recentRules(findRules) }
}

type MemoryRow = CartRow & { endedAt?: Date; completedAt?: Date | null; abandonedAt?: Date }

function memoryCartRows(): OrdersDeps['cartRows'] {
  const rows = new Map<string, MemoryRow>()
  const change = async (id: string, to: Partial<MemoryRow>) => {
    const row = rows.get(id)
    if (row !== undefined) rows.set(id, { ...row, ...to })
  }
  return {
    save: async (row) => {
      const known = rows.get(row.id)
      const isOlder = known !== undefined && (known.endedAt !== undefined || known.changedAt > row.changedAt)
      if (!isOlder) rows.set(row.id, { ...known, ...row })
    },
    listNewest: async ({ userId, limit }) =>
      [...rows.values()]
        .filter((row) => row.userId === userId && row.endedAt === undefined)
        .toReversed()
        .slice(0, limit)
        .map(({ id }) => id),
    listOfGuest: async ({ email, limit }) =>
      [...rows.values()]
        .filter((row) => row.email === email && row.userId === null && row.endedAt === undefined)
        .toSorted((one, other) => other.changedAt.getTime() - one.changedAt.getTime())
        .slice(0, limit)
        .map(({ id }) => id),
    end: async (ids, now) => {
      for (const id of ids) await change(id, { endedAt: now, email: null })
    },
    complete: (id, now) => change(id, { completedAt: now, email: null }),
    reopen: async (row, now) => {
      const known = rows.get(row.id)
      const email = known !== undefined && !known.completedAt ? known.email : row.email
      const userId = known?.userId ?? row.userId
      rows.set(row.id, { ...known, ...row, email, userId, completedAt: null, changedAt: now })
    },
    delete: async (id) => void rows.delete(id),
    prune: async () => 0,
    listIdle: async ({ before, limit }) =>
      [...rows.values()]
        .filter(
          ({ email, endedAt, completedAt, abandonedAt }) => email !== null && !endedAt && !completedAt && !abandonedAt,
        )
        .filter(({ changedAt }) => changedAt < before)
        .slice(0, limit),
    saveChangedAt: (id, changedAt) => change(id, { changedAt }),
    announce: ({ id, at }) => change(id, { abandonedAt: at }),
  }
}
