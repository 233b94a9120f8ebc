import { describe, expect, it } from 'vitest'
import type { Product } from '../../src/products/domain/product.ts'
import { aProduct, aVariant, later, NOW, useDatabase } from './use-database.ts'

const { database, eventsOf, listProducts, products } = useDatabase()

const SIZES = ['S', 'M', 'L']
const sized = (size: string, sku: string | null = null) =>
  aVariant({ options: { size }, sku, position: SIZES.indexOf(size) })

async function addTee(skus: (string | null)[] = [null, null]): Promise<Product> {
  const variants = skus.map((sku, index) => sized(SIZES[index] ?? '', sku))
  const options = [{ name: 'size', values: SIZES }]
  return (await products().insert({ ...aProduct({ name: 'Tee', options }), variants })).product
}

const found = async ({ id }: Product) => {
  const product = await products().find(id)
  if (product === undefined) throw new Error('No product')
  return product
}
const write = (decidedFrom: Product, variants: NonNullable<Parameters<typeof update>[0]['variants']>) =>
  update({ decidedFrom, variants, updatedAt: later(60) })
const update: ReturnType<typeof products>['tryWrite'] = (change) => products().tryWrite(change)

let lastSku = 0
const newSku = () => {
  lastSku += 1
  return `SKU-${lastSku}`
}

describe('a product with several variants', () => {
  it('is written with 250 variants by one statement, and read back as it was written', async () => {
    const variants = Array.from({ length: 250 }, (_, n) => ({
      ...aVariant({
        position: n,
        sku: newSku(),
        options: { size: `${n}`, "it's": '"é\\' },
        price: n,
        compareAtPrice: n + 1,
      }),
      ...{ barcode: `${n}`, weightGrams: n, inventoryPolicy: 'continue' as const, metadata: { n: `${n}` } },
      ...{ lowStockThreshold: n % 2 === 0 ? null : n, openingStock: n },
    }))
    const options = [{ name: 'size', values: variants.map(({ options }) => options.size ?? '') }]
    database().resetCounts()
    const { product, eventId } = await products().insert({ ...aProduct({ options }), variants })
    expect(database().counts().roundTrips).toBe(1)
    expect(product.variants.map(({ id: _, available, stockSequence, lowStockVersion, ...rest }) => rest)).toEqual(
      variants.map(({ openingStock: _, ...rest }) => rest),
    )
    expect(product.variants.map(({ available }) => available)).toEqual(variants.map(({ openingStock }) => openingStock))
    const ids = product.variants.map(({ id }) => id)
    expect(ids).toEqual(ids.toSorted((a, b) => a - b))
    expect(await found(product)).toEqual(product)
    expect(await listProducts({ limit: 1 })).toMatchObject([product])
    expect(await eventsOf(`product:${product.id}`)).toMatchObject([
      { id: eventId, payload: { variantId: ids[0], variantIds: ids, price: 0, openingStock: 0 } },
    ])
  })

  it('keeps every field of the catalogue', async () => {
    const fields = {
      ...{ status: 'draft' as const, brand: 'Ours', type: 'digital' as const, tags: ['a, b', '{c}', '"d"', 'ü'] },
      ...{
        taxCategory: 'books',
        shippingClass: 'bulky',
        attributes: { material: ['Steel'], height: 1.5, is_new: true },
      },
      ...{ seo: { title: 'Title' }, metadata: { a: 'b' }, maxPerOrder: 3 },
    }
    const { product } = await products().insert(aProduct(fields))
    expect(product).toMatchObject(fields)
    expect(await found(product)).toEqual(product)
    const changed = await update({
      decidedFrom: product,
      fields: { ...fields, tags: [], seo: {} },
      updatedAt: later(1),
    })
    expect(changed).toMatchObject({ value: { product: { ...fields, tags: [], seo: {} } } })
  })

  it('gains, changes and loses variants, each in one round trip that counts its version up', async () => {
    const tee = await addTee()
    const [small, medium] = tee.variants
    if (small === undefined || medium === undefined) throw new Error('No variants')
    database().resetCounts()
    const added = await write(tee, { added: [sized('L', newSku())] })
    expect(database().counts().roundTrips).toBe(1)
    const with3 = await found(tee)
    expect(added).toMatchObject({ value: { product: with3 } })
    expect(with3.variants.map(({ options }) => options.size)).toEqual(SIZES)
    const cheaper = { ...small, price: 5, lowStockThreshold: 2 }
    await write(with3, { changed: [cheaper], thresholdOf: small.id })
    const changed = await found(tee)
    expect(changed.variants[0]).toEqual({ ...cheaper, lowStockVersion: 1 })
    const removed = await write(changed, { removedId: medium.id })
    const with2 = await found(tee)
    expect(removed).toMatchObject({ value: { product: with2 } })
    expect(with2).toMatchObject({
      version: 4,
      updatedAt: later(60),
      variants: [{ id: small.id }, { options: { size: 'L' } }],
    })
    const events = await eventsOf(`product:${tee.id}`)
    expect(events.map(({ type, sequence }) => [type, sequence])).toEqual([
      ['product.created', 1],
      ['product.updated', 2],
      ['product.updated', 3],
      ['product.updated', 4],
    ])
    expect(events.at(-1)).toMatchObject({
      payload: { variantId: small.id, price: 5, variantIds: with2.variants.map(({ id }) => id) },
    })
    expect(await eventsOf(`variant:${small.id}`)).toMatchObject([{ type: 'stock.threshold_changed', sequence: 1 }])
  })

  it('takes the options of a deleted variant again', async () => {
    const tee = await addTee()
    await write(tee, { removedId: tee.variants[1]?.id ?? 0 })
    expect(await write(await found(tee), { added: [sized('M')] })).toMatchObject({ ok: true })
    expect((await found(tee)).variants).toHaveLength(2)
  })

  it('accepts one of several writers of a version, of the product or of any variant', async () => {
    for (let round = 0; round < 4; round += 1) {
      const tee = await addTee()
      const [small, medium] = tee.variants
      if (small === undefined || medium === undefined) throw new Error('No variants')
      const writes = await Promise.all([
        write(tee, { changed: [{ ...small, price: 1 }] }),
        write(tee, { changed: [{ ...medium, price: 2 }] }),
        write(tee, { added: [sized('L')] }),
        write(tee, { removedId: small.id }),
        update({ decidedFrom: tee, fields: { name: 'Shirt' }, updatedAt: later(1) }),
      ])
      const winners = writes.flatMap((one) => (one.ok && one.value ? [one.value] : []))
      expect(winners).toHaveLength(1)
      expect(await found(tee)).toEqual(winners[0]?.product)
    }
  })

  it('answers a change of any version with all that others have written', async () => {
    const tee = await addTee()
    const rename = (name: string) =>
      update({ decidedFrom: tee, fields: { name }, isUnbound: true, updatedAt: later(1) })
    const saved = await Promise.all([
      write(tee, { added: [sized('L')] }),
      ...['A', 'B', 'C', 'D'].map(rename),
      products().delete({ id: (await addTee()).id, archivedAt: NOW }),
    ])
    const versions = saved.flatMap((one) => (one && 'ok' in one && one.ok && one.value ? [one.value.product] : []))
    const last = versions.toSorted((one, other) => one.version - other.version).at(-1)
    expect(await found(tee)).toEqual(last)
  })
})

describe('an SKU', () => {
  it('belongs to one present variant of the shop, also when several writers take it at once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const sku = newSku()
      const [one, other] = [await addTee(), await addTee()]
      const taken = { ok: false, failure: { code: 'sku_taken', sku } }
      const writes = await Promise.all([
        products().tryInsert({ ...aProduct(), variants: [aVariant({ sku })] }),
        products().tryInsert({ ...aProduct(), variants: [aVariant({ sku: newSku() }), sized('S', sku)] }),
        write(one, { added: [sized('L', sku)] }),
        write(other, { changed: [{ ...(other.variants[0] ?? sized('S')), sku } as Product['variants'][0]] }),
      ])
      expect(writes.filter((write) => write.ok)).toHaveLength(1)
      for (const refused of writes.filter((write) => !write.ok)) expect(refused).toEqual(taken)
      expect(await products().findBySku(sku, { isForSale: true })).toHaveLength(1)
    }
  })

  it('writes nothing where it is taken', async () => {
    const sku = newSku()
    await addTee([sku, null])
    const tee = await addTee()
    const refused = await update({
      ...{ decidedFrom: tee, fields: { name: 'Never' }, updatedAt: NOW },
      variants: { added: [sized('L', sku)] },
    })
    expect(refused).toEqual({ ok: false, failure: { code: 'sku_taken', sku } })
    expect(await found(tee)).toEqual(tee)
    expect(await eventsOf(`product:${tee.id}`)).toHaveLength(1)
  })

  it('is free once its variant is deleted, and is found with its product only for sale', async () => {
    const sku = newSku()
    const tee = await addTee([sku, null])
    const [variant] = tee.variants
    expect(await products().findBySku(sku, { isForSale: true })).toEqual([{ ...variant, productId: tee.id }])
    await update({ decidedFrom: tee, fields: { status: 'draft' }, updatedAt: NOW })
    expect(await products().findBySku(sku, { isForSale: true })).toEqual([])
    expect(await products().findBySku(sku, { isForSale: false })).toHaveLength(1)
    await write(await found(tee), { removedId: variant?.id ?? 0 })
    expect(await products().findBySku(sku, { isForSale: false })).toEqual([])
    expect(await products().tryInsert({ ...aProduct(), variants: [aVariant({ sku })] })).toMatchObject({ ok: true })
  })
})
