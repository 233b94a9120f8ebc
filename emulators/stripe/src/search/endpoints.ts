import type { Endpoint } from '../api/endpoint.ts'
import { invalidRequest } from '../api/errors.ts'
import { readLimit } from '../api/list.ts'
import { Params } from '../api/params.ts'
import type { Kind } from '../store/objects.ts'
import { readQuery } from './query.ts'

/** https://docs.stripe.com/search. Does not find objects that are newer than the emulator's search lag. */
function searchEndpoint(kind: Kind, path: string, fields: readonly string[]): Endpoint {
  return {
    method: 'GET',
    path,
    answers: kind,
    list: true,
    prepare({ form }) {
      const params = new Params(form, { accepts: ['limit', 'page', 'query'] })
      const condition = readQuery(params.requiredString('query'), fields)
      const limit = readLimit(params)
      const page = params.string('page')
      const olderThan = page === undefined ? undefined : readPage(page)
      return ({ store, now, searchLag }) => {
        const query = { ...condition, olderThan, createdBy: now - searchLag, limit: limit + 1 }
        const rows = store.search(kind, query)
        const has_more = rows.length > limit
        const data = rows.slice(0, limit)
        const last = has_more ? data.at(-1) : undefined
        return {
          object: 'search_result',
          url: path,
          has_more,
          data: data.map(({ object }) => object),
          next_page: last ? Buffer.from(String(last.seq)).toString('base64url') : null,
        }
      }
    },
  }
}

function readPage(page: string): number {
  const seq = Number(Buffer.from(page, 'base64url').toString() || Number.NaN)
  if (Number.isSafeInteger(seq)) return seq
  throw invalidRequest('Invalid page token.', { param: 'page' })
}

export const searchEndpoints = [
  searchEndpoint('payment_intent', '/v1/payment_intents/search', [
    'amount',
    'created',
    'currency',
    'customer',
    'status',
  ]),
  searchEndpoint('charge', '/v1/charges/search', ['amount', 'created', 'currency', 'customer', 'status']),
  searchEndpoint('customer', '/v1/customers/search', ['created', 'email', 'name', 'phone']),
]
