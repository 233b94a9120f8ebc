import { eventually } from '@shop/testing/eventually'
import { variantIdOf } from '@shop/testing/product-body'
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { useSharedPlatform } from './support/use-platform.ts'

const stage = useSharedPlatform()

const key = () => crypto.randomUUID()
const adjust = (id: number, body: object, idempotencyKey: string | undefined = key(), token = stage.admin.token) =>
  stage.shop.request('POST', `/api/inventory/${id}/adjust`, {
    token,
    body,
    headers: idempotencyKey === '' ? {} : { 'idempotency-key': idempotencyKey },
  })
const inventoryOf = async (id: number, query = '') =>
  (await stage.shop.request('GET', `/api/inventory/${id}${query}`, { token: stage.admin.token })).body
const newProduct = (stock_quantity: number) => stage.shop.addProduct(stage.admin, { stock_quantity })

describe('the inventory of a product', () => {
  it('shows everybody the available units at once, and staff also the units on hand and held', async () => {
    const { shop, customer } = stage
    const product = await newProduct(10)
    const ids = { product_id: product.id, variant_id: variantIdOf(product), sku: null }
    const shown = { ...ids, in_stock: true, inventory_policy: 'deny' }
    expect((await shop.placeOrder(customer, [[product, 3]])).status).toBe(201)
    for (const token of [undefined, customer.token]) {
      const reply = await shop.request('GET', `/api/inventory/${product.id}`, { token })
      expect(reply.body).toEqual({ inventory: { ...shown, available: 7 } })
      expect(reply.headers.get('cache-control')).toBe('no-store')
    }
    expect((await inventoryOf(product.id)).inventory).toEqual({
      ...shown,
      available: 7,
      on_hand: 10,
      held: 3,
      low_stock_threshold: null,
    })
  })

  it('has a ledger that names the order of each purchase', async () => {
    const { shop, admin, customer } = stage
    const product = await newProduct(10)
    const { order } = (await shop.placeOrder(customer, [[product, 2]])).body
    expect((await shop.pay(customer, order, 'pm_card_visa')).status).toBe(201)
    await shop.orderBecomes(customer, order.id, 'processing', 'paid')
    expect((await adjust(product.id, { delta: -1, reason: 'damage', note: 'dropped' })).status).toBe(200)
    const { movements } = await inventoryOf(product.id)
    expect(movements.map(({ reason, delta, on_hand, note }) => [reason, delta, on_hand, note])).toEqual([
      ['damage', -1, 7, 'dropped'],
      ['commit', -2, 8, null],
      ['opening', 10, 10, null],
    ])
    expect(movements[0]?.actor).toBe(admin.user.id)
    expect(movements[1]?.key).toContain(order.id)
  })

  it('has a ledger that can be paged through while it grows', async () => {
    const product = await newProduct(1)
    for (let n = 1; n <= 4; n += 1) await adjust(product.id, { delta: n, reason: 'receive' })
    const first = await inventoryOf(product.id, '?limit=2')
    await adjust(product.id, { delta: 99, reason: 'receive' })
    const second = await inventoryOf(product.id, `?limit=2&cursor=${first.next_cursor}`)
    const third = await inventoryOf(product.id, `?limit=2&cursor=${second.next_cursor}`)
    const deltas = [first, second, third].map(({ movements }) => movements.map(({ delta }) => delta))
    expect(deltas).toEqual([[4, 3], [2, 1], [1]])
    expect(third.next_cursor).toBeNull()
    const other = await newProduct(1)
    const path = `/api/inventory/${other.id}?cursor=${first.next_cursor}`
    expect((await stage.shop.request('GET', path, { token: stage.admin.token })).body.code).toBe('invalid_cursor')
  })

  it('is not found for an unknown product', async () => {
    const missing = await stage.shop.request('GET', '/api/inventory/987654321')
    expect([missing.status, missing.body.code]).toEqual([404, 'product_not_found'])
    expect((await adjust(987_654_321, { delta: 1, reason: 'receive' })).status).toBe(404)
  })
})

describe('the inventory of a variant', () => {
  /** Gives the product a further variant without stock, and its first one a policy. */
  const addVariant = async (productId: number, policy: 'deny' | 'continue') => {
    const catalog = stage.platform.database.as('catalog')
    const { rows } = await catalog.execute<{ id: string }>(sql`
      insert into catalog.variants (product_id, options, sku, position, price, currency, available, stock_sequence, inventory_policy)
      select product_id, '{"size": "L"}', ${crypto.randomUUID()}, 1, price, currency, 0, 0, ${policy}
      from catalog.variants where product_id = ${productId} returning id`)
    return Number(rows[0]?.id)
  }
  const ofVariant = async (id: number) =>
    (await stage.shop.request('GET', `/api/variants/${id}/inventory`, { token: stage.admin.token })).body
  const adjustVariant = (id: number, body: object) =>
    stage.shop.request('POST', `/api/variants/${id}/inventory/adjust`, {
      token: stage.admin.token,
      body,
      headers: { 'idempotency-key': key() },
    })

  it('is its own; that of its product has to name a variant', async () => {
    const product = await newProduct(4)
    const { variant_id: only } = (await inventoryOf(product.id)).inventory
    const second = await addVariant(product.id, 'deny')
    const required = await stage.shop.request('GET', `/api/inventory/${product.id}`)
    expect([required.status, required.body.code]).toEqual([422, 'variant_required'])
    expect((await adjust(product.id, { delta: 1, reason: 'receive' })).body.code).toBe('variant_required')
    expect((await ofVariant(only)).inventory).toMatchObject({ product_id: product.id, variant_id: only, available: 4 })
    const received = await adjustVariant(second, { delta: 7, reason: 'receive' })
    expect(received.body.inventory).toMatchObject({ variant_id: second, sku: expect.any(String), available: 7 })
    expect((await ofVariant(second)).movements.map(({ reason, delta }) => [reason, delta])).toEqual([
      ['receive', 7],
      ['opening', 0],
    ])
    expect((await ofVariant(only)).inventory.available).toBe(4)
    const missing = await stage.shop.request('GET', '/api/variants/987654321/inventory')
    expect([missing.status, missing.body.code]).toEqual([404, 'variant_not_found'])
  })

  it('goes below zero where its policy is to continue, and is in stock all the same', async () => {
    const product = await newProduct(4)
    const { variant_id: only } = (await inventoryOf(product.id)).inventory
    const second = await addVariant(product.id, 'continue')
    expect((await ofVariant(second)).inventory).toMatchObject({ available: 0, in_stock: true })
    const damaged = await adjustVariant(second, { delta: -3, reason: 'damage' })
    expect(damaged.body.inventory).toMatchObject({ available: -3, in_stock: true, inventory_policy: 'continue' })
    expect((await adjustVariant(only, { delta: -5, reason: 'damage' })).status).toBe(409)
  })
})

describe('a product that is sold below zero', () => {
  it('takes every order, shows what is missing, and keeps it when its form is saved', async () => {
    const { shop, admin, customer, platform } = stage
    const product = await newProduct(1)
    await platform.database
      .as('catalog')
      .execute(sql`update catalog.variants set inventory_policy = 'continue' where product_id = ${product.id}`)
    const { order } = (await shop.placeOrder(customer, [[product, 3]])).body
    expect((await shop.pay(customer, order, 'pm_card_visa')).status).toBe(201)
    await shop.orderBecomes(customer, order.id, 'processing', 'paid')
    await shop.stockBecomes(product.id, -2)
    expect((await inventoryOf(product.id)).inventory).toMatchObject({ on_hand: -2, held: 0, in_stock: true })
    const put = (body: object) => shop.request('PUT', `/api/products/${product.id}`, { token: admin.token, body })
    expect(
      (await put({ name: 'Renamed', stock_quantity: -2, expected_stock_quantity: -2 })).body.product,
    ).toMatchObject({
      name: 'Renamed',
      stock_quantity: -2,
    })
    expect((await put({ stock_quantity: -3, expected_stock_quantity: -2 })).body).toMatchObject({
      code: 'validation_failed',
      errors: [{ field: 'stock_quantity' }],
    })
    expect((await put({ stock_quantity: 5 })).body.product.stock_quantity).toBe(5)
  })
})

describe('an adjustment', () => {
  it('adds or removes units, and is listed within two seconds', async () => {
    const product = await newProduct(10)
    const received = await adjust(product.id, { delta: 5, reason: 'receive' })
    expect(received.body).toMatchObject({
      inventory: { product_id: product.id, available: 15, on_hand: 15, held: 0 },
      movement: { reason: 'receive', delta: 5, on_hand: 15, note: null, actor: stage.admin.user.id },
    })
    expect((await adjust(product.id, { delta: -3, reason: 'correct' })).body.inventory.on_hand).toBe(12)
    await stage.shop.stockBecomes(product.id, 12)
  })

  it('never removes held units, and reports how many are held', async () => {
    const { shop, customer } = stage
    const product = await newProduct(10)
    await shop.placeOrder(customer, [[product, 4]])
    const refused = await adjust(product.id, { delta: -7, reason: 'damage' })
    expect([refused.status, refused.body]).toMatchObject([409, { code: 'stock_below_held', held: 4, on_hand: 10 }])
    expect((await adjust(product.id, { delta: -6, reason: 'damage' })).body.inventory.available).toBe(0)
  })

  it('is made once per key, even by fifty requests at once, and each gets the first answer', async () => {
    const product = await newProduct(10)
    const same = key()
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => adjust(product.id, { delta: 5, reason: 'receive' }, same)),
    )
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
    expect(answers.filter(({ headers }) => headers.get('idempotency-replayed') !== 'true')).toHaveLength(1)
    await adjust(product.id, { delta: -15, reason: 'correct' })
    const replay = await adjust(product.id, { delta: 5, reason: 'receive' }, same)
    expect(replay.body).toEqual(answers[0]?.body)
    expect((await inventoryOf(product.id)).inventory.on_hand).toBe(0)
  })

  it.each([
    { delta: 6, reason: 'receive' },
    { delta: 5, reason: 'return' },
    { delta: 5, reason: 'receive', note: 'another' },
  ])('with the key of another is refused: %j', async (other) => {
    const product = await newProduct(10)
    const same = key()
    await adjust(product.id, { delta: 5, reason: 'receive' }, same)
    const refused = await adjust(product.id, other, same)
    expect([refused.status, refused.body.code]).toEqual([422, 'idempotency_key_reused'])
    expect((await inventoryOf(product.id)).inventory.on_hand).toBe(15)
  })

  it('has its own key space for each member of staff', async () => {
    const product = await newProduct(10)
    const same = key()
    const colleague = await stage.shop.signUpAdmin()
    await adjust(product.id, { delta: 5, reason: 'receive' }, same)
    const other = await adjust(product.id, { delta: 1, reason: 'return' }, same, colleague.token)
    expect([other.status, other.body.inventory.on_hand]).toEqual([200, 16])
  })

  it('that was refused may be tried again with the same key', async () => {
    const product = await newProduct(1)
    const same = key()
    expect((await adjust(product.id, { delta: -2, reason: 'damage' }, same)).status).toBe(409)
    await adjust(product.id, { delta: 5, reason: 'receive' })
    const retried = await adjust(product.id, { delta: -2, reason: 'damage' }, same)
    expect([retried.status, retried.headers.get('idempotency-replayed')]).toEqual([200, null])
  })

  it('needs a key', async () => {
    const product = await newProduct(1)
    const refused = await adjust(product.id, { delta: 1, reason: 'receive' }, '')
    expect([refused.status, refused.body.code]).toEqual([400, 'idempotency_key_required'])
    for (const key of ['k'.repeat(300), '""', 'a key']) {
      const malformed = await adjust(product.id, { delta: 1, reason: 'receive' }, key)
      expect([malformed.status, malformed.body.code]).toEqual([422, 'validation_failed'])
    }
  })

  it.each([
    { delta: 0, reason: 'receive' },
    { delta: 1.5, reason: 'receive' },
    { delta: '1', reason: 'receive' },
    { delta: 1_000_000_001, reason: 'receive' },
    { delta: -1_000_000_001, reason: 'damage' },
    { delta: -1, reason: 'receive' },
    { delta: -1, reason: 'return' },
    { delta: 1, reason: 'damage' },
    { delta: 1 },
    { delta: 1, reason: 'commit' },
    { delta: 1, reason: 'receive', note: '' },
    { delta: 1, reason: 'receive', on_hand: 5 },
  ])('is refused when it is %j', async (body) => {
    const product = await newProduct(1)
    const refused = await adjust(product.id, body)
    expect([refused.status, refused.body.code]).toEqual([422, 'validation_failed'])
  })

  it('is for staff only, whatever the body', async () => {
    const product = await newProduct(1)
    const path = `/api/inventory/${product.id}/adjust`
    for (const body of [{ delta: 1, reason: 'receive' }, { nonsense: true }]) {
      expect((await stage.shop.request('POST', path, { body })).status).toBe(401)
      expect((await stage.shop.request('POST', path, { body, token: stage.customer.token })).status).toBe(403)
    }
  })

  it('survives a lost answer: the retry gets it', async () => {
    const product = await newProduct(1)
    const same = key()
    const path = `${stage.platform.url}/api/inventory/${product.id}/adjust`
    const leaving = new AbortController()
    const left = fetch(path, {
      method: 'POST',
      signal: leaving.signal,
      headers: {
        authorization: `Bearer ${stage.admin.token}`,
        'content-type': 'application/json',
        'idempotency-key': same,
      },
      body: JSON.stringify({ delta: 5, reason: 'receive' }),
    }).catch(() => undefined)
    await eventually(
      () => inventoryOf(product.id),
      ({ inventory }) => inventory.on_hand === 6,
      4_000,
    )
    leaving.abort()
    await left
    const retried = await adjust(product.id, { delta: 5, reason: 'receive' }, same)
    expect([retried.status, retried.headers.get('idempotency-replayed')]).toEqual([200, 'true'])
    expect(retried.body.inventory.on_hand).toBe(6)
  })
})
