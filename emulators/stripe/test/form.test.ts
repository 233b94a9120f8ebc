import { describe, expect, it } from 'vitest'
import { decodeForm } from '../src/api/form.ts'

/** Compares as JSON, because forms have no prototype. */
const decoded = (encoded: string) => JSON.parse(JSON.stringify(decodeForm(encoded)))

describe('form decoding', () => {
  it.each([
    ['amount=500&currency=usd', { amount: '500', currency: 'usd' }],
    ['metadata[order_id]=o1&metadata[note]=a%26b+c', { metadata: { order_id: 'o1', note: 'a&b c' } }],
    ['expand[]=a&expand[]=b.c', { expand: ['a', 'b.c'] }],
    ['expand[0]=a&expand[1]=b', { expand: ['a', 'b'] }],
    ['created[gte]=1&created[lt]=2', { created: { gte: '1', lt: '2' } }],
    ['a[b][c][]=1&a[b][c][]=2&a[d]=3', { a: { b: { c: ['1', '2'] }, d: '3' } }],
    ['metadata=', { metadata: '' }],
    ['', {}],
  ])('reads %s', (encoded, form) => {
    expect(decoded(encoded)).toEqual(form)
  })

  it('treats names of prototype properties as ordinary keys', () => {
    const form = decodeForm('__proto__[polluted]=yes&metadata[constructor]=c')
    expect(Object.keys(form)).toEqual(['__proto__', 'metadata'])
    expect({}).not.toHaveProperty('polluted')
  })

  it('refuses a name used both as a string and as a hash', () => {
    expect(() => decodeForm('a=1&a[b]=2')).toThrow('Invalid parameter name: a[b]')
  })
})
