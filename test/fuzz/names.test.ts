import { describe, expect, it } from 'vitest'
import { leavesOf, parameterName } from './names.ts'

describe('an id in a path', () => {
  it.each([
    ['/api/orders/{id}', 'order'],
    ['/api/users/addresses/{id}', 'address'],
    ['/api/categories/{id}', 'category'],
    ['/api/api-keys/{id}', 'api_key'],
  ])('of %s has the name that the answer gives it', (path, resource) => {
    expect(leavesOf({ [resource]: { id: '1' } })).toEqual([{ name: parameterName(path, 'id'), value: '1' }])
  })
})
