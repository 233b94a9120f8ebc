import { Unavailable } from '@shop/kernel/unavailable'
import { DrizzleQueryError } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { isUniqueViolation, StatementFailed, sqlState } from '../src/errors.ts'

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
