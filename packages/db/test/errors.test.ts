import { Unavailable } from '@shop/kernel/unavailable'
import { DrizzleQueryError } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { isUniqueViolation, StatementFailed, sqlState, violationDetail } from '../src/errors.ts'

/** An error as the Neon driver throws it. */
const refused = (code?: string, constraint?: string) => Object.assign(new Error('refused'), { code, constraint })

describe('the SQLSTATE of an error', () => {
  const refusal = refused('23505', 'users_email_unique')

  it.each([
    ['thrown by the driver', refusal],
    ['wrapped by Drizzle', new DrizzleQueryError('insert', [], refusal)],
    ['wrapped by ask', new StatementFailed('insert', refusal)],
    ['wrapped again', new Error('Saving failed', { cause: new StatementFailed('insert', refusal) })],
  ])('is found in one %s', (_, error) => {
    expect(sqlState(error)).toBe('23505')
    expect(isUniqueViolation(error, 'users_email_unique')).toBe(true)
    expect(isUniqueViolation(error, 'another')).toBe(false)
  })

  it.each([
    ['an outage, whatever its cause', new StatementFailed('insert', new Unavailable('postgres', refused('57P01')))],
    ['an error of the network', new Error('fetch failed', { cause: refused('EPIPE') })],
    ['an error without a code', new StatementFailed('insert', refused())],
    ['what is no error', { code: '23505' }],
    ['nothing', undefined],
  ])('is absent from %s', (_, error) => {
    expect(sqlState(error)).toBeUndefined()
  })
})

describe('the detail of a violation', () => {
  const detail = 'Failing row contains (a, 51).'
  const violation = (code: string, more = {}) => Object.assign(refused(code, 'counters_limit'), more)

  it('is what the database says of the row, of that constraint alone', () => {
    const error = new StatementFailed('insert', violation('23514', { detail }))
    expect(violationDetail(error, 'counters_limit')).toBe(detail)
    expect(violationDetail(error, 'another')).toBeUndefined()
    expect(violationDetail(violation('23505', { detail }), 'counters_limit')).toBe(detail)
  })

  it('is empty when the database says nothing, and absent from other errors', () => {
    expect(violationDetail(violation('23514'), 'counters_limit')).toBe('')
    expect(violationDetail(violation('40001', { detail }), 'counters_limit')).toBeUndefined()
    expect(violationDetail(new Error('fetch failed'), 'counters_limit')).toBeUndefined()
  })
})
