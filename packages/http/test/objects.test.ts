import { describe, expect, it } from 'vitest'
import { ObjectSettings, objectsIn } from '../src/objects.ts'

/** A namespace that returns how it was asked. */
function aNamespace() {
  const namespace = (jurisdiction: string | undefined) => ({
    getByName: (name: string, options: object) => ({ name, jurisdiction, ...options }),
    jurisdiction: (chosen: string) => namespace(chosen),
  })
  // Only the members that are used.
  return namespace(undefined) as unknown as DurableObjectNamespace<never>
}
const settings = (over: object = {}) => ObjectSettings.parse({ OBJECT_LOCATION: 'weur', ...over })

describe('an object', () => {
  it('is made where the shop says, by its first call', () => {
    expect(objectsIn(aNamespace(), settings())('7')).toEqual({
      name: '7',
      jurisdiction: undefined,
      locationHint: 'weur',
    })
  })

  it('stays within the jurisdiction of the shop, if it has one', () => {
    expect(objectsIn(aNamespace(), settings({ OBJECT_JURISDICTION: 'eu' }))('7')).toMatchObject({
      jurisdiction: 'eu',
      locationHint: 'weur',
    })
  })

  it.each([
    ['no location', { OBJECT_LOCATION: '' }],
    ['an unknown location', { OBJECT_LOCATION: 'eu-central-1' }],
    ['an unknown jurisdiction', { OBJECT_JURISDICTION: 'de' }],
  ])('is not made with %s', (_, over) => {
    expect(() => settings(over)).toThrow()
  })
})
