import type { DurableObject } from 'cloudflare:workers'
import { callObject } from '@shop/http/call-object'
import { log } from '@shop/http/log'
import type { Objects } from '@shop/http/objects'
import { Unavailable } from '@shop/kernel/unavailable'
import type { BatchedAnswers, BatchedMethod, BatchedRequests } from '../domain/batched.ts'
import { isOfLostStock, type Kept, type LostStock } from '../domain/opening.ts'
import type { StockObject } from './stock-object.ts'

/** After this time the outcome of a call is unknown: it may or may not have been applied. */
const STOCK_TIMEOUT_MS = 3_000

type StockMethod = Exclude<keyof StockObject, keyof DurableObject | 'batch'>
type Stub = DurableObjectStub<StockObject>

/** The methods of the stock objects, by variant. Every call may be repeated with the same id or key. */
export type StockClient = {
  [M in StockMethod]: (
    variantId: number,
    ...request: Parameters<StockObject[M]>
  ) => Promise<Kept<Awaited<ReturnType<StockObject[M]>>>>
} & {
  batch<M extends BatchedMethod>(
    variantId: number,
    method: M,
    requests: BatchedRequests[M][],
  ): Promise<BatchedAnswers[M][]>
}

/**
 * Calls the stock objects through their binding. A call that the platform reports as retryable is made once more, on a
 * fresh stub.
 *
 * @throws Unavailable, from every method, when the object does not answer or has lost its stock; its `wasAsked` is false
 *   when the call has certainly had no effect
 */
export function stockClient(objects: Objects<StockObject>): StockClient {
  const call = async <T>(variantId: number, method: (stub: Stub) => Promise<T>): Promise<Kept<T>> => {
    const attempt = () => method(objects(String(variantId)))
    const answer = await callObject(attempt, { dependency: 'stock', timeoutMs: STOCK_TIMEOUT_MS })
    if (!isOfLostStock(answer)) return answer as Kept<T>
    log('error', 'stock_lost', { variantId })
    throw new Unavailable('stock', new Error(`The stock of variant ${variantId} is lost`), false)
  }
  // `async`, because a stub returns a promise of each member of the union and not of the union.
  return {
    level: (variantId, request) => call(variantId, async (stub) => stub.level(request)),
    ledger: (variantId, page) => call(variantId, async (stub) => stub.ledger(page)),
    audit: (variantId, request) => call(variantId, async (stub) => stub.audit(request)),
    findHolds: (variantId, request) => call(variantId, async (stub) => stub.findHolds(request)),
    hold: (variantId, request) => call(variantId, async (stub) => stub.hold(request)),
    extend: (variantId, request) => call(variantId, async (stub) => stub.extend(request)),
    release: (variantId, request) => call(variantId, async (stub) => stub.release(request)),
    commit: (variantId, request) => call(variantId, async (stub) => stub.commit(request)),
    commitLate: (variantId, request) => call(variantId, async (stub) => stub.commitLate(request)),
    returnSale: (variantId, request) => call(variantId, async (stub) => stub.returnSale(request)),
    shrink: (variantId, request) => call(variantId, async (stub) => stub.shrink(request)),
    adjust: (variantId, request) => call(variantId, async (stub) => stub.adjust(request)),
    setAvailable: (variantId, request) => call(variantId, async (stub) => stub.setAvailable(request)),
    // The type of a stub forgets that the answers are those of the method.
    batch: <M extends BatchedMethod>(variantId: number, method: M, requests: BatchedRequests[M][]) =>
      call(variantId, async (stub) => (await stub.batch(method, requests)) as BatchedAnswers[M][] | LostStock),
  }
}
