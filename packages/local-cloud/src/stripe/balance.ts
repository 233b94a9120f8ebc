import type Stripe from 'stripe'
import type { Endpoint } from './endpoint.ts'
import { Params } from './params.ts'

/** What was charged less what was refunded, per currency; Stripe's fees and payouts do not exist here. */
export const retrieveBalance: Endpoint = {
  method: 'GET',
  path: '/v1/balance',
  answers: 'balance',
  prepare({ form }) {
    new Params(form, { takes: [] })
    return ({ store }): Stripe.Balance => {
      const rows = store
        .prepare(
          `select json_extract(body, '$.currency') as currency,
                  sum(json_extract(body, '$.amount') - json_extract(body, '$.amount_refunded')) as amount
             from objects where kind = 'charge' and json_extract(body, '$.status') = 'succeeded'
                    and json_extract(body, '$.captured') group by 1 order by 1`,
        )
        .all()
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
