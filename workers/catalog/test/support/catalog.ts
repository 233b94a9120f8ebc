import type { Caller } from '@shop/kernel/caller'
import { SHOP } from '@shop/settings/shop'
import { createProduct } from '../../src/products/create-product.ts'
import type { ProductDraft } from '../../src/products/domain/new-product.ts'
import type { Product } from '../../src/products/domain/product.ts'
import { recentQuotes } from '../../src/products/recent-quotes.ts'
import { fakeStock } from './fake-stock.ts'
import { memoryRepositories } from './memory-repositories.ts'

export const NOW = new Date('2026-11-23T10:00:00.000Z')
export const later = (seconds: number) => new Date(NOW.getTime() + seconds * 1_000)

export const STAFF: Caller = { kind: 'user', userId: 'user_admin', role: 'admin' }
export const CUSTOMER: Caller = { kind: 'user', userId: 'user_customer', role: 'customer' }

export const DRAFT: ProductDraft = { name: 'Aeropress', price: 39.95, openingStock: 50 }

/** `variantId` is that of its first variant. It is no part of the product, so it is not compared. */
export type AddedProduct = Product & { readonly variantId: number }

export function withVariantId(product: Product): AddedProduct {
  const added = { ...product, variantId: product.variants[0]?.id ?? 0 }
  return Object.defineProperty(added, 'variantId', { enumerable: false })
}

/** A catalogue in memory, with the dependencies of its entry points. */
export function aCatalog() {
  const clock = { now: NOW }
  const memory = memoryRepositories()
  const shop = fakeStock({}, clock, memory.termsOf)
  const { products, search, categories, collections, attributes, listing, variants, events, keys } = memory
  const background: Promise<unknown>[] = []
  const warnings: string[] = []
  const deps = {
    ...{ products, search, categories, collections, attributes, listing, variants, events, keys },
    shop: SHOP,
    recentQuotes: recentQuotes(),
    stock: shop.stock,
    now: () => clock.now,
    later: (work: Promise<unknown>) => void background.push(work),
    wakeWebhooks: async () => {},
    newKey: () => crypto.randomUUID(),
    warn: (event: string) => void warnings.push(event),
  }
  /** Waits for the work that continues after the answers. */
  const finish = () => Promise.all(background.splice(0))
  const addProduct = async (over: Partial<ProductDraft> = {}): Promise<AddedProduct> => {
    const result = await createProduct(deps, STAFF, { ...DRAFT, ...over })
    if (!result.ok) throw new Error(result.failure.code)
    await finish()
    return withVariantId(result.value.value)
  }
  return { ...shop, ...memory, deps, clock, warnings, addProduct, finish }
}
