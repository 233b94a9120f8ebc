import type { DurableObject } from 'cloudflare:workers'
import { log } from '@shop/http/log'
import type { Objects } from '@shop/http/objects'
import { withTimeout } from '@shop/kernel/timeout'
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
  const answerOf = async <T>(variantId: number, method: (stub: Stub) => Promise<T>): Promise<T> => {
    // Of a call whose first attempt was lost, a refusal of the second says nothing.
    let isOutcomeUnknown = false
    const attempt = () => method(objects(String(variantId)))
    const answer = attempt().catch((error: unknown) => {
      if (!isRetryable(error)) throw error
      isOutcomeUnknown = true
      return attempt()
    })
    try {
      return await withTimeout(answer, STOCK_TIMEOUT_MS, () => new Error(`No answer in ${STOCK_TIMEOUT_MS} ms`))
    } catch (error) {
      throw new Unavailable('stock', error, isOutcomeUnknown || !isOverloaded(error))
    }
  }
  const call = async <T>(variantId: number, method: (stub: Stub) => Promise<T>): Promise<Kept<T>> => {
    const answer = await answerOf(variantId, method)
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
    adjust: (variantId, request) => call(variantId, async (stub) => stub.adjust(request)),
    setAvailable: (variantId, request) => call(variantId, async (stub) => stub.setAvailable(request)),
    // The type of a stub forgets that the answers are those of the method.
    batch: <M extends BatchedMethod>(variantId: number, method: M, requests: BatchedRequests[M][]) =>
      call(variantId, async (stub) => (await stub.batch(method, requests)) as BatchedAnswers[M][] | LostStock),
  }
}

type Flags = { retryable?: unknown; overloaded?: unknown }
const flagsOf = (error: unknown): Flags => (error instanceof Error ? (error as Flags) : {})

/** Source: https://developers.cloudflare.com/durable-objects/best-practices/error-handling/ */
function isRetryable(error: unknown): boolean {
  return flagsOf(error).retryable === true && !isOverloaded(error)
}

/** An overloaded object has not accepted the call. More calls would only overload it further. */
function isOverloaded(error: unknown): boolean {
  return flagsOf(error).overloaded === true
}
