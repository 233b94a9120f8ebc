import { catalogKeys } from '@shop/db/schema/catalog'
import type { IdempotencyKey } from '@shop/kernel/idempotency'
import { untilSaved } from '@shop/kernel/until-saved'
import { beforeAll, describe, expect, it } from 'vitest'
import { creationKeyRepository } from '../../src/idempotency/repository.ts'
import type { Product } from '../../src/products/domain/product.ts'
import { aProduct, aVariant, later, NOW, useDatabase } from './use-database.ts'

const { attributes, collections, database, insert: addProduct, insertCategory, products } = useDatabase()

let count = 0
/** A key, and a text for the names of what is created with it. */
function aKey(): { key: IdempotencyKey; text: string } {
  count += 1
  return { key: { scope: 'user_1:create', key: `key-${count}`, requestHash: `hash-${count}` }, text: `one-${count}` }
}

const insertCollection = (text: string, key: IdempotencyKey) =>
  collections().insert({
    ...{ name: text, slug: { text, isChosen: false }, rule: null, metadata: {}, productIds: [], createdAt: NOW },
    key,
  })
const insertAttribute = (text: string, key: IdempotencyKey) =>
  attributes().insert(
    { key: text.replace('-', '_'), label: text, type: 'text', values: null, isFilterable: false, createdAt: NOW },
    key,
  )

const insertProduct = (text: string, key: IdempotencyKey) =>
  products().tryInsert({
    ...aProduct({ name: text, slug: { text, isChosen: true } }),
    variants: [aVariant({ sku: text })],
    key,
  })
let tee: Product
beforeAll(async () => {
  tee = (await addProduct()).product
})
/** To the product as it is now, as staff would. */
const insertVariant = async (text: string, key: IdempotencyKey) => {
  const variant = aVariant({ sku: text, position: 1, options: { text } })
  const add = async () => {
    const decidedFrom = (await products().find(tee.id)) ?? tee
    const saved = await products().insertVariant({ decidedFrom, variant, key, updatedAt: NOW })
    return saved.ok && saved.value === undefined ? undefined : saved
  }
  return untilSaved(add)
}

const CREATIONS = [
  ['product', insertProduct, 1],
  ['variant', insertVariant, 2],
  ['category', (text: string, key: IdempotencyKey) => insertCategory(text, { key }), 1],
  ['collection', insertCollection, 1],
  ['attribute', insertAttribute, 1],
] as const

const keys = () => creationKeyRepository(database().as('catalog'))

describe.each(CREATIONS)('a key of a created %s', (_, insert, roundTrips) => {
  it('is stored by the statement that creates it', async () => {
    const { key, text } = aKey()
    database().resetCounts()
    expect(await insert(text, key)).toMatchObject({ ok: true })
    expect(database().counts().roundTrips).toBe(roundTrips)
    expect(await keys().find(key)).toEqual({ requestHash: key.requestHash, subject: expect.stringMatching(/^\d+$/) })
  })

  it('lets one of eight writers create it', async () => {
    const { key, text } = aKey()
    const results = await Promise.all(Array.from({ length: 8 }, (_, index) => insert(`${text}${index}`, key)))
    const refused = { ok: false, failure: { code: 'idempotency_key_known' } }
    expect(results.filter(({ ok }) => ok)).toHaveLength(1)
    expect(results.filter(({ ok }) => !ok)).toEqual(Array.from({ length: 7 }, () => refused))
  })
})

describe('keys of the catalogue', () => {
  it('are not stored when nothing is created', async () => {
    const { key, text } = aKey()
    expect(await insertCategory(text, { key, parentId: 999_999 })).toMatchObject({
      failure: { code: 'category_not_found' },
    })
    expect(await keys().find(key)).toBeUndefined()
  })

  it('are deleted after two days', async () => {
    const { key, text } = aKey()
    await insertCategory(text, { key })
    expect(await keys().prune(later(47 * 3_600))).toBe(0)
    expect(await keys().find(key)).toBeDefined()
    const { length } = await database().as('catalog').select().from(catalogKeys)
    expect(await keys().prune(later(49 * 3_600))).toBe(length)
    expect(await keys().find(key)).toBeUndefined()
  })
})
