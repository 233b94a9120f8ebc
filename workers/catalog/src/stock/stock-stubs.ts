import { Unavailable } from '@shop/kernel'
import type { StockObjects } from '../ports.ts'
import type { StockObject } from './stock-object.ts'

/** An object that takes longer than this counts as lost: what was asked may or may not be done. */
const STOCK_TIMEOUT_MS = 3_000

type Stub = DurableObjectStub<StockObject>

/** The stock objects behind their binding. A call that got lost on the way is made once more, on a fresh stub. */
export function stockObjects(namespace: DurableObjectNamespace<StockObject>): StockObjects {
  const ask = async <T>(variantId: number, call: (stub: Stub) => Promise<T>): Promise<T> => {
    const attempt = () => call(namespace.getByName(String(variantId)))
    const answer = attempt().catch((error: unknown) => (isLostOnTheWay(error) ? attempt() : Promise.reject(error)))
    try {
      return await answerWithin(STOCK_TIMEOUT_MS, answer)
    } catch (error) {
      throw new Unavailable('stock', error)
    }
  }
  // `async`, because a stub's promise is of a union per answer and not of the answers' union.
  return {
    level: (variantId) => ask(variantId, async (stub) => stub.level()),
    ledger: (variantId, page) => ask(variantId, async (stub) => stub.ledger(page)),
    audit: (variantId) => ask(variantId, async (stub) => stub.audit()),
    findHolds: (variantId, request) => ask(variantId, async (stub) => stub.findHolds(request)),
    adjust: (variantId, request) => ask(variantId, async (stub) => stub.adjust(request)),
    watchLowStock: (variantId, watch) => ask(variantId, async (stub) => stub.watchLowStock(watch)),
    hold: (variantId, request) => ask(variantId, async (stub) => stub.hold(request)),
    extend: (variantId, request) => ask(variantId, async (stub) => stub.extend(request)),
    release: (variantId, request) => ask(variantId, async (stub) => stub.release(request)),
    commit: (variantId, request) => ask(variantId, async (stub) => stub.commit(request)),
    commitLate: (variantId, request) => ask(variantId, async (stub) => stub.commitLate(request)),
    returnSale: (variantId, request) => ask(variantId, async (stub) => stub.returnSale(request)),
    setOnHand: (variantId, request) => ask(variantId, async (stub) => stub.setOnHand(request)),
    open: (variantId, request) => ask(variantId, async (stub) => stub.open(request)),
  }
}

async function answerWithin<T>(milliseconds: number, answer: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | null = null
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Unavailable('stock')), milliseconds)
  })
  try {
    return await Promise.race([answer, tooLate])
  } finally {
    clearTimeout(timer)
  }
}

/** Source: https://developers.cloudflare.com/durable-objects/best-practices/error-handling/ */
function isLostOnTheWay(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const flags: { name: string; retryable?: unknown; overloaded?: unknown } = error
  return flags.retryable === true && flags.overloaded !== true
}
