import type { GivenBack } from '@shop/contracts/catalog/rpc'
import { ok } from '@shop/kernel/result'
import { describe, expect, it } from 'vitest'
import { commitHolds } from '../../../src/stock/commit-holds.ts'
import { takeBack } from '../../../src/stock/take-back.ts'
import { NOW } from '../../support/catalog.ts'
import { fakeStock } from '../../support/fake-stock.ts'
import { termsWith } from '../../support/terms.ts'

const restock: GivenBack = { key: 'edit:1', variantId: 1, quantity: 2, reason: 'return', note: 'order edited' }
const writeOff: GivenBack = { ...restock, key: 'return:1', reason: 'damage' }

/** Three of five units of variant 1 are sold. */
async function sold() {
  const shop = fakeStock({ 1: 5, 2: 5 }, { now: NOW })
  await commitHolds(shop, [{ holdId: 'order_a', lines: [{ variantId: 1, quantity: 3 }] }])
  return { shop, onHand: () => shop.level(1).onHand }
}

const ledgerOf = async (shop: Awaited<ReturnType<typeof sold>>['shop']) => {
  const answer = await shop.stock.ledger(1, { limit: 10, terms: termsWith({ openingStock: 5 }) })
  return answer.entries
}

describe('units that an order gives back', () => {
  it('are in stock again, once for each key', async () => {
    const { shop, onHand } = await sold()
    expect(await takeBack(shop, [restock, { ...restock, key: 'edit:2', quantity: 1 }])).toEqual(ok([ok(), ok()]))
    expect(await takeBack(shop, [restock])).toEqual(ok([ok()]))
    expect(onHand()).toBe(5)
  })

  it('are no more in stock than before where they are written off, and in the ledger with what led to it', async () => {
    const { shop, onHand } = await sold()
    expect(await takeBack(shop, [writeOff])).toEqual(ok([ok()]))
    expect(onHand()).toBe(2)
    const [entry] = await ledgerOf(shop)
    expect(entry).toMatchObject({ key: 'order:return:1', reason: 'damage', delta: 0, note: 'order edited' })
  })

  it('are refused under a key of another adjustment', async () => {
    const { shop, onHand } = await sold()
    await takeBack(shop, [restock])
    const failure = { code: 'adjustment_conflict', key: 'order:edit:1' }
    expect(await takeBack(shop, [{ ...restock, quantity: 1 }])).toEqual(ok([{ ok: false, failure }]))
    expect(onHand()).toBe(4)
  })

  it('of one variant fail alone while its stock does not answer', async () => {
    const { shop, onHand } = await sold()
    shop.faults.push({ variantId: 2, method: 'adjust', when: 'before' })
    const answers = await takeBack(shop, [restock, { ...restock, variantId: 2 }])
    expect(answers).toEqual(ok([ok(), { ok: false, failure: { code: 'service_unavailable' } }]))
    expect(onHand()).toBe(4)
  })

  it('call the stock of a variant once, however many they are', async () => {
    const { shop } = await sold()
    const before = shop.calls.length
    await takeBack(shop, [restock, { ...restock, key: 'edit:2' }, { ...restock, key: 'edit:3' }])
    expect(shop.calls.slice(before)).toEqual(['adjust 1'])
  })
})
