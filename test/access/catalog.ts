import type { Stage } from '../support/use-platform.ts'
import { at, type Rows, same, staffOnly } from './row.ts'

/** Products, groups of products and their stock. */
export function catalogRows(stage: Stage): Rows {
  /** A product of which these sizes are for sale, of S, M and L. */
  async function newTee(...sizes: string[]) {
    const options = [{ name: 'size', values: ['S', 'M', 'L'] }]
    const variants = sizes.map((size) => ({ options: { size }, price: 20 }))
    return stage.shop.addProduct(stage.admin, { price: undefined, stock_quantity: undefined, options, variants })
  }

  const newProduct = async () => (await stage.shop.addProduct(stage.admin)).id
  const newVariant = async () => (await stage.shop.addProduct(stage.admin)).variants[0]?.id

  async function newCategory(): Promise<number> {
    const { shop, admin } = stage
    const body = { name: crypto.randomUUID() }
    return (await shop.request('POST', '/api/categories', { token: admin.token, body })).body.category.id
  }

  async function newCollection(): Promise<number> {
    const { shop, admin } = stage
    const body = { name: crypto.randomUUID() }
    return (await shop.request('POST', '/api/collections', { token: admin.token, body })).body.collection.id
  }

  /** An attribute that nobody has declared yet. */
  const undeclared = () => ({ key: `a${crypto.randomUUID().replaceAll('-', '')}`, label: 'Material', type: 'text' })

  async function newAttribute(): Promise<number> {
    const { shop, admin } = stage
    const body = undeclared()
    return (await shop.request('POST', '/api/attributes', { token: admin.token, body })).body.attribute.id
  }

  return {
    listProducts: { call: at('/api/products'), answers: same(200) },
    getProduct: { call: async () => ({ path: `/api/products/${await newProduct()}` }), answers: same(200) },
    createProduct: { call: at('/api/products', { body: { name: 'Mug', price: 1 } }), answers: staffOnly(201) },
    createProducts: {
      call: at('/api/products/bulk', { body: { products: [{ name: 'Mug', price: 1 }] } }),
      answers: staffOnly(200),
    },
    updateProduct: {
      call: async () => ({ path: `/api/products/${await newProduct()}`, body: { name: 'Cup' } }),
      answers: staffOnly(200),
    },
    patchProduct: {
      call: async () => ({ path: `/api/products/${await newProduct()}`, body: { name: 'Cup' } }),
      answers: staffOnly(200),
    },
    getProductBySlug: {
      call: async () => ({ path: `/api/products/by-slug/${(await stage.shop.addProduct(stage.admin)).slug}` }),
      answers: same(200),
    },
    listVariants: { call: at('/api/variants?sku=NONE'), answers: same(200) },
    createVariant: {
      call: async () => {
        const body = { options: { size: 'M' }, price: 1 }
        return { path: `/api/products/${(await newTee('S')).id}/variants`, body }
      },
      answers: staffOnly(201),
    },
    updateVariant: {
      call: async () => {
        const { id, variants } = await newTee('S')
        return { path: `/api/products/${id}/variants/${variants[0]?.id}`, body: { price: 21 } }
      },
      answers: staffOnly(200),
    },
    deleteVariant: {
      call: async () => {
        const { id, variants } = await newTee('S', 'M')
        return { path: `/api/products/${id}/variants/${variants[0]?.id}` }
      },
      answers: staffOnly(200),
    },
    deleteProduct: { call: async () => ({ path: `/api/products/${await newProduct()}` }), answers: staffOnly(200) },
    getShop: { call: at('/api/shop'), answers: same(200) },
    listCategories: { call: at('/api/categories'), answers: same(200) },
    getCategory: { call: async () => ({ path: `/api/categories/${await newCategory()}` }), answers: same(200) },
    createCategory: {
      call: async () => ({ path: '/api/categories', body: { name: crypto.randomUUID() } }),
      answers: staffOnly(201),
    },
    updateCategory: {
      call: async () => ({ path: `/api/categories/${await newCategory()}`, body: { position: 0 } }),
      answers: staffOnly(200),
    },
    deleteCategory: { call: async () => ({ path: `/api/categories/${await newCategory()}` }), answers: staffOnly(200) },
    listCollections: { call: at('/api/collections'), answers: same(200) },
    getCollection: { call: async () => ({ path: `/api/collections/${await newCollection()}` }), answers: same(200) },
    createCollection: { call: at('/api/collections', { body: { name: 'Summer' } }), answers: staffOnly(201) },
    updateCollection: {
      call: async () => ({ path: `/api/collections/${await newCollection()}`, body: { name: 'Winter' } }),
      answers: staffOnly(200),
    },
    setCollectionProducts: {
      call: async () => ({
        path: `/api/collections/${await newCollection()}/products`,
        body: { product_ids: [await newProduct()] },
      }),
      answers: staffOnly(200),
    },
    deleteCollection: {
      call: async () => ({ path: `/api/collections/${await newCollection()}` }),
      answers: staffOnly(200),
    },
    listAttributes: { call: at('/api/attributes'), answers: same(200) },
    createAttribute: { call: async () => ({ path: '/api/attributes', body: undeclared() }), answers: staffOnly(201) },
    updateAttribute: {
      call: async () => ({ path: `/api/attributes/${await newAttribute()}`, body: { label: 'Fabric' } }),
      answers: staffOnly(200),
    },
    deleteAttribute: {
      call: async () => ({ path: `/api/attributes/${await newAttribute()}` }),
      answers: staffOnly(200),
    },
    getInventory: { call: async () => ({ path: `/api/inventory/${await newProduct()}` }), answers: same(200) },
    listLowStock: { call: at('/api/inventory?low=true'), answers: staffOnly(200) },
    rebuildInventory: { call: at('/api/inventory/rebuild', { body: { limit: 1 } }), answers: staffOnly(200) },
    reconcileInventory: { call: at('/api/inventory/reconcile', { body: { limit: 1 } }), answers: staffOnly(200) },
    suggestSearch: { call: at('/api/search/suggest?q=mu'), answers: same(200) },
    getVariantInventory: {
      call: async () => ({ path: `/api/variants/${await newVariant()}/inventory` }),
      answers: same(200),
    },
    adjustVariantStock: {
      call: async () => ({
        path: `/api/variants/${await newVariant()}/inventory/adjust`,
        body: { delta: 1, reason: 'receive' },
        headers: { 'idempotency-key': crypto.randomUUID() },
      }),
      answers: staffOnly(200),
    },
    adjustStock: {
      call: async () => ({
        path: `/api/inventory/${await newProduct()}/adjust`,
        body: { delta: 1, reason: 'receive' },
        headers: { 'idempotency-key': crypto.randomUUID() },
      }),
      answers: staffOnly(200),
    },
  }
}
