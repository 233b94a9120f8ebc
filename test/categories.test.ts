import { eventually } from '@shop/testing/eventually'
import { describe, expect, it } from 'vitest'
import { useSharedPlatform } from './support/use-platform.ts'

const stage = useSharedPlatform()

const unique = () => crypto.randomUUID().slice(0, 8)
const asStaff = (method: string, path: string, body?: object, headers: Record<string, string> = {}) =>
  stage.shop.request(method, path, { token: stage.admin.token, body, headers })

/** Adds a category, below another one or at the top. */
async function addCategory(name: string, parentId: number | null = null) {
  const { status, body } = await asStaff('POST', '/api/categories', { name, parent_id: parentId })
  expect(status).toBe(201)
  return body.category
}

describe('the tree of categories', () => {
  it('is one call of a storefront, each category before those below it', async () => {
    const top = await addCategory(`Clothing ${unique()}`)
    const below = await addCategory('Shirts & Blouses', top.id)
    const last = await addCategory('Café à la mode', below.id)
    const { body } = await asStaff('GET', '/api/categories')
    const branch = body.categories.filter(({ path }) => path[0] === top.slug)
    expect(branch.map(({ id, depth, parent_id, path }) => ({ id, depth, parent_id, path }))).toEqual([
      { id: top.id, depth: 1, parent_id: null, path: [top.slug] },
      { id: below.id, depth: 2, parent_id: top.id, path: [top.slug, 'shirts-and-blouses'] },
      { id: last.id, depth: 3, parent_id: below.id, path: [top.slug, 'shirts-and-blouses', 'cafe-a-la-mode'] },
    ])
    expect(body.next_cursor).toBeNull()
  })

  it('never has a cycle, even when two moves race', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [a, b] = [await addCategory(`A ${unique()}`), await addCategory(`B ${unique()}`)]
      const moves = await Promise.all([
        asStaff('PATCH', `/api/categories/${a.id}`, { parent_id: b.id }),
        asStaff('PATCH', `/api/categories/${b.id}`, { parent_id: a.id }),
      ])
      expect(moves.map(({ status }) => status).sort()).toEqual([200, 409])
      expect(moves.find(({ status }) => status === 409)?.body.code).toBe('category_cycle')
    }
  })

  it('is at most 8 levels deep', async () => {
    let parent = await addCategory(`Deep ${unique()}`)
    for (let depth = 2; depth <= 8; depth += 1) parent = await addCategory(`Level ${depth}`, parent.id)
    expect(parent.depth).toBe(8)
    const ninth = await asStaff('POST', '/api/categories', { name: 'Level 9', parent_id: parent.id })
    expect([ninth.status, ninth.body]).toMatchObject([409, { code: 'category_too_deep', maximum_depth: 8 }])
  })

  it('loses no branch by accident: a category with others below it is not deleted', async () => {
    const top = await addCategory(`Kept ${unique()}`)
    const below = await addCategory('Below', top.id)
    const refused = await asStaff('DELETE', `/api/categories/${top.id}`)
    expect([refused.status, refused.body.code]).toEqual([409, 'category_has_children'])
    for (const { id } of [below, top]) expect((await asStaff('DELETE', `/api/categories/${id}`)).status).toBe(200)
    expect((await stage.shop.request('GET', `/api/categories/${top.id}`)).status).toBe(404)
  })

  it('is changed by one of two writers with one version', async () => {
    const { id } = await addCategory(`Raced ${unique()}`)
    const etag = (await asStaff('GET', `/api/categories/${id}`)).headers.get('etag') ?? ''
    const patch = (name: string) => asStaff('PATCH', `/api/categories/${id}`, { name }, { 'if-match': etag })
    const answers = await Promise.all([patch(`One ${unique()}`), patch(`Two ${unique()}`)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412])
  })

  it('shows a change to its writer at once, and to everybody within a second', async () => {
    const { id, slug } = await addCategory(`Seen ${unique()}`)
    const path = `/api/categories/${id}`
    expect((await stage.shop.request('GET', path)).body.category.slug).toBe(slug)
    const changed = `new-${unique()}`
    await asStaff('PATCH', path, { slug: changed })
    expect((await asStaff('GET', path)).body.category.slug).toBe(changed)
    await eventually(
      async () => (await stage.shop.request('GET', path)).body.category.slug,
      (seen) => seen === changed,
      1_000,
    )
  })
})

describe('the products of a category', () => {
  const list = async (category: string) =>
    (await asStaff('GET', `/api/products?${new URLSearchParams({ category })}`)).body.products.map(({ id }) => id)

  it('are those of all categories below it, by its name or slug in any case', async () => {
    const { shop, admin } = stage
    const top = await addCategory(`Top ${unique()}`)
    const below = await addCategory('Below it', top.id)
    const product = await shop.addProduct(admin, { category_ids: [below.id] })
    expect(product).toMatchObject({ category: 'Below it', category_ids: [below.id] })
    for (const text of [top.name.toUpperCase(), top.slug, below.slug]) expect(await list(text)).toContain(product.id)
  })

  it('name it as staff wrote it, and make it once, whatever the case', async () => {
    const { shop, admin } = stage
    const name = `Ärmel ${unique()}`
    const spellings = [name, name.toUpperCase(), ` ${name.toLowerCase()} `, name.normalize('NFD')]
    const products = await Promise.all(spellings.map((category) => shop.addProduct(admin, { category })))
    const ids = new Set(products.flatMap((product) => product.category_ids))
    expect(ids.size).toBe(1)
    expect(new Set(products.map(({ category }) => category)).size).toBe(1)
    expect((await list(name)).sort()).toEqual(products.map(({ id }) => id).sort())
    const [id] = ids
    const category = (await asStaff('GET', `/api/categories/${id}`)).body.category
    expect(category).toMatchObject({ name: products[0]?.category, parent_id: null, depth: 1 })
  })

  it('lose it when it is deleted, and stay for sale', async () => {
    const { shop, admin } = stage
    const product = await shop.addProduct(admin, { category: `Gone ${unique()}` })
    expect((await asStaff('DELETE', `/api/categories/${product.category_ids[0]}`)).status).toBe(200)
    expect((await asStaff('GET', `/api/products/${product.id}`)).body.product).toMatchObject({
      category: null,
      category_ids: [],
    })
  })

  it('keep their categories when a form is saved unchanged', async () => {
    const { shop, admin } = stage
    const [a, b] = [await addCategory(`Form a ${unique()}`), await addCategory(`Form b ${unique()}`)]
    const product = await shop.addProduct(admin, { category_ids: [a.id, b.id] })
    const { name, description, price, currency, category, category_ids, image_url } = product
    const form = { name, description, price, currency, category, category_ids, image_url }
    const saved = await asStaff('PUT', `/api/products/${product.id}`, form)
    expect(saved.body.product).toMatchObject({ category: a.name, category_ids: [a.id, b.id] })
    expect((await asStaff('PUT', `/api/products/${product.id}`, { category })).body.product.category_ids).toEqual([
      a.id,
      b.id,
    ])
  })
})

describe('a collection', () => {
  it('lists products by hand, in the order that staff set', async () => {
    const { shop, admin } = stage
    const [a, b] = [await shop.addProduct(admin), await shop.addProduct(admin)]
    const { body } = await asStaff('POST', '/api/collections', { name: 'Picks', product_ids: [b.id, a.id] })
    const path = `/api/collections/${body.collection.id}`
    expect((await asStaff('GET', path)).body.collection.product_ids).toEqual([b.id, a.id])
    const set = await asStaff('PUT', `${path}/products`, { product_ids: [a.id] })
    expect([set.status, set.body.collection.product_ids]).toEqual([200, [a.id]])
    const refused = await asStaff('PUT', `${path}/products`, { product_ids: [a.id, 999_999_999] })
    expect([refused.status, refused.body.code]).toEqual([404, 'product_not_found'])
  })

  it('has a rule whose conditions are checked', async () => {
    const { id } = await addCategory(`Rule ${unique()}`)
    const rule = { tags: ['"new", {quoted}'], category_ids: [id], price_min: 9.99, in_stock: true }
    const created = await asStaff('POST', '/api/collections', { name: 'By rule', rule })
    expect(created.body.collection.rule).toEqual({ ...rule, currency: 'USD' })
    for (const [wrong, status] of [
      [{ category_ids: [999_999_999] }, 404],
      [{ price_min: 1.001 }, 422],
      [{}, 422],
    ] as const) {
      const refused = await asStaff('POST', '/api/collections', { name: 'By rule', rule: wrong })
      expect(refused.status).toBe(status)
    }
  })
})

describe('the shop', () => {
  it('shows its public settings', async () => {
    const { status, body } = await stage.shop.request('GET', '/api/shop')
    expect(status).toBe(200)
    expect(body.shop.currencies).toContain(body.shop.default_currency)
  })
})
