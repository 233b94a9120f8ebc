import { Unavailable } from '@shop/kernel/unavailable'
import { beforeAll, describe, expect, it } from 'vitest'
import { createKeyStore } from '../../src/access/internal/key-store.ts'
import { newKey, type SigningKey } from './fake-shop.ts'

let first: SigningKey
let second: SigningKey
beforeAll(async () => {
  first = await newKey('first')
  second = await newKey('second')
})

function storeOf(published: () => unknown[]) {
  const clock = { now: 0, fetched: 0 }
  const fetchKeys = async () => {
    clock.fetched += 1
    return { keys: published() }
  }
  return { store: createKeyStore({ fetchKeys, now: () => clock.now }), clock }
}

const down = (): never => {
  throw new Unavailable('users')
}

describe('the key store', () => {
  it('fetches known keys once', async () => {
    const { store, clock } = storeOf(() => [first.publicJwk])
    await store.keyFor('first')
    clock.now = 60_000
    expect(await store.keyFor('first')).toBeDefined()
    expect(clock.fetched).toBe(1)
  })

  it('fetches again for an unknown key, but not on every request', async () => {
    let published = [first.publicJwk]
    const { store, clock } = storeOf(() => published)
    await store.keyFor('first')
    published = [second.publicJwk, first.publicJwk]
    expect(await store.keyFor('second')).toBeUndefined()
    clock.now = 10_000
    expect(await store.keyFor('second')).toBeDefined()
    expect(clock.fetched).toBe(2)
  })

  it('stops trusting a key that is no longer published', async () => {
    let published = [first.publicJwk]
    const { store, clock } = storeOf(() => published)
    await store.keyFor('first')
    published = [second.publicJwk]
    clock.now = 300_000
    expect(await store.keyFor('first')).toBeUndefined()
  })

  it('keeps trusting its keys while users is down', async () => {
    let users = () => [first.publicJwk]
    const { store, clock } = storeOf(() => users())
    await store.keyFor('first')
    users = down
    clock.now = 300_000
    expect(await store.keyFor('first')).toBeDefined()
    expect(await store.keyFor('first')).toBeDefined()
    expect(clock.fetched).toBe(2)
  })

  it('throws Unavailable when it has no keys at all', async () => {
    const { store } = storeOf(down)
    await expect(store.keyFor('first')).rejects.toBeInstanceOf(Unavailable)
  })
})
