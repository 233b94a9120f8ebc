import type { Endpoint } from '../api/endpoint.ts'
import { found } from '../api/endpoint.ts'
import { invalidRequest, noSuch } from '../api/errors.ts'
import { Params } from '../api/params.ts'
import { newCalculation } from './calculation.ts'
import { readCalculation } from './read-calculation.ts'
import { reverse } from './reversal.ts'
import { loadCalculation, recordCalculation } from './transaction.ts'

/** What an answer has only if it is asked for. */
const OF_CALCULATION = ['line_items', 'line_items.data.tax_breakdown', 'shipping_cost.tax_breakdown']
const OF_TRANSACTION = ['line_items']

const createCalculation: Endpoint = {
  method: 'POST',
  path: '/v1/tax/calculations',
  answers: 'tax.calculation',
  inline: OF_CALCULATION,
  prepare({ form }) {
    const spec = readCalculation(form)
    return (work) => {
      const calculation = newCalculation(spec, work.now)
      work.store.insert('tax.calculation', calculation)
      const { created: _, ...shown } = calculation
      return shown
    }
  },
}

const retrieveCalculation: Endpoint = {
  method: 'GET',
  path: '/v1/tax/calculations/:id',
  answers: 'tax.calculation',
  inline: OF_CALCULATION,
  prepare({ id, form }) {
    new Params(form, { accepts: [] })
    return (work) => {
      const { created: _, ...shown } = loadCalculation(work, id, 'id', 404)
      return shown
    }
  },
}

const createFromCalculation: Endpoint = {
  method: 'POST',
  path: '/v1/tax/transactions/create_from_calculation',
  answers: 'tax.transaction',
  inline: OF_TRANSACTION,
  prepare({ form }) {
    const params = new Params(form, { accepts: ['calculation', 'reference', 'metadata'], unsupported: ['posted_at'] })
    const calculation = params.requiredString('calculation')
    const spec = { reference: params.requiredString('reference'), metadata: params.metadata({}) }
    return (work) => {
      const { calculation: _, ...shown } = recordCalculation(work, calculation, spec)
      return shown
    }
  },
}

const createReversal: Endpoint = {
  method: 'POST',
  path: '/v1/tax/transactions/create_reversal',
  answers: 'tax.transaction',
  inline: OF_TRANSACTION,
  prepare({ form }) {
    const params = new Params(form, {
      accepts: ['mode', 'original_transaction', 'reference', 'flat_amount', 'metadata'],
      unsupported: ['line_items', 'shipping_cost'],
    })
    params.require('mode')
    const mode = params.oneOf('mode', ['full', 'partial']) ?? 'full'
    const flatAmount = mode === 'partial' ? params.requiredInteger('flat_amount') : params.integer('flat_amount')
    if (mode === 'full' && flatAmount !== undefined) {
      throw invalidRequest('flat_amount is only for partial reversals.', { param: 'flat_amount' })
    }
    if (mode === 'partial' && (flatAmount ?? 0) >= 0) {
      throw invalidRequest('Invalid negative integer', { param: 'flat_amount' })
    }
    const original = params.requiredString('original_transaction')
    const reference = params.requiredString('reference')
    const metadata = params.metadata({})
    return (work) => {
      const { calculation: _, ...shown } = reverse(work, { original, mode, flatAmount, reference, metadata })
      return shown
    }
  },
}

const retrieveTransaction: Endpoint = {
  method: 'GET',
  path: '/v1/tax/transactions/:id',
  answers: 'tax.transaction',
  inline: OF_TRANSACTION,
  prepare({ id, form }) {
    new Params(form, { accepts: [] })
    return ({ store }) => {
      const { calculation: _, ...shown } = found(store.find('tax.transaction', id), noSuch('tax transaction', id, 'id'))
      return shown
    }
  },
}

export const taxEndpoints = [
  createCalculation,
  retrieveCalculation,
  createFromCalculation,
  createReversal,
  retrieveTransaction,
]
