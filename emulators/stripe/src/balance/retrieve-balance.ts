import type Stripe from 'stripe'
import type { Endpoint } from '../api/endpoint.ts'
import { Params } from '../api/params.ts'

const MOVEMENTS = `
  select currency, sum(amount) as amount from (
    select json_extract(body, '$.currency') as currency,
           case when json_extract(body, '$.captured') then json_extract(body, '$.amount')
                else json_extract(body, '$.amount_captured') end - json_extract(body, '$.amount_refunded') as amount
      from objects where kind = 'charge' and json_extract(body, '$.status') = 'succeeded'
                     and json_extract(body, '$.amount_captured') > 0
    union all
    select json_extract(moved.value, '$.currency'), json_extract(moved.value, '$.amount')
      from objects, json_each(body, '$.balance_transactions') as moved where kind = 'dispute'
  ) group by currency order by currency`

/** Captured amounts less refunds and disputes, per currency. There are no fees or payouts. */
export const retrieveBalance: Endpoint = {
  method: 'GET',
  path: '/v1/balance',
  answers: 'balance',
  prepare({ form }) {
    new Params(form, { accepts: [] })
    return ({ store }): Stripe.Balance => {
      const rows = store.prepare(MOVEMENTS).all()
      const available = rows.map((row) => {
        const amount = Number(row.amount)
        return { amount, currency: String(row.currency), source_types: { card: amount } }
      })
      const none = { amount: 0, currency: 'usd', source_types: { card: 0 } }
      return {
        object: 'balance',
        available: available.length > 0 ? available : [none],
        livemode: false,
        pending: [none],
      }
    }
  },
}
