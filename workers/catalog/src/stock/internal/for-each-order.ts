import { type Join, runJoined } from '@shop/http/join-calls'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { CatalogDeps } from '../../deps.ts'
import type { BatchedAnswers, BatchedMethod, BatchedRequests } from '../domain/batched.ts'

type StockClient = CatalogDeps['stock']
/** The stock objects, and what joins further calls of the orders. */
export type HoldDeps = { stock: StockClient; join: Join }

/**
 * Does the work for the request of each order, and joins their calls: each stock object is called once for all orders that
 * it concerns, as often as one order would call it. An order that cannot be decided now stops no other.
 */
export async function forEachOrder<Q extends { holdId: string } | { key: string }, F>(
  deps: Pick<CatalogDeps, 'stock' | 'warn'>,
  requests: Q[],
  work: (deps: HoldDeps, request: Q) => Promise<Result<undefined, F>>,
): Promise<Result<Result<undefined, F | ServiceUnavailable>[], never>> {
  const answers = await runJoined(requests, requests.length, (join) => {
    const stock = joinedStock(deps.stock, join)
    return async (request: Q): Promise<Result<undefined, F | ServiceUnavailable>> => {
      try {
        return await work({ stock, join }, request)
      } catch (error) {
        const named = 'holdId' in request ? { holdId: request.holdId } : { key: request.key }
        deps.warn('stock_undecided', { ...named, error })
        return fail({ code: 'service_unavailable' })
      }
    }
  })
  return ok(answers)
}

function joinedStock(stock: StockClient, join: Join): StockClient {
  return {
    ...stock,
    extend: joined(stock, join, 'extend'),
    release: joined(stock, join, 'release'),
    commit: joined(stock, join, 'commit'),
    commitLate: joined(stock, join, 'commitLate'),
    returnSale: joined(stock, join, 'returnSale'),
    adjust: joined(stock, join, 'adjust'),
  }
}

type Asked<M extends BatchedMethod> = { variantId: number; request: BatchedRequests[M] }

/** @returns a method of the client that waits for the other orders' calls of it */
function joined<M extends BatchedMethod>(stock: StockClient, join: Join, method: M) {
  const call = join((asked: Asked<M>[]) => askInBatches(stock, method, asked))
  return async (variantId: number, request: BatchedRequests[M]): Promise<BatchedAnswers[M]> => {
    const answer = await call({ variantId, request })
    if (answer.status === 'rejected') throw answer.reason
    return answer.value
  }
}

/** Calls each object once. One that does not answer fails only its own requests. */
function askInBatches<M extends BatchedMethod>(
  stock: StockClient,
  method: M,
  asked: Asked<M>[],
): Promise<PromiseSettledResult<BatchedAnswers[M]>[]> {
  const batches = Map.groupBy(asked, ({ variantId }) => variantId)
  const answers = new Map(
    [...batches].map(([variantId, batch]) => {
      const requests = batch.map(({ request }) => request)
      return [variantId, stock.batch(variantId, method, requests)] as const
    }),
  )
  return Promise.allSettled(
    asked.map(async (one) => {
      const answered = await answers.get(one.variantId)
      const answer = answered?.[batches.get(one.variantId)?.indexOf(one) ?? -1]
      if (answer === undefined) throw new Error('A stock object did not answer each request once')
      return answer
    }),
  )
}
