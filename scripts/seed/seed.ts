import { connect, type Db } from '@shop/db/client'
import { newId } from '@shop/http/ids'
import { hashPassword } from '@shop/passwords'
import { loadArgon2id } from '@shop/passwords/node'
import { SHOP } from '@shop/settings/shop'
import { newProduct } from '../../workers/catalog/src/products/domain/new-product.ts'
import { productRepository } from '../../workers/catalog/src/products/repository/index.ts'
import { searchRepository } from '../../workers/catalog/src/search/repository/index.ts'
import { slugOf } from '../../workers/catalog/src/slugs/slug-of.ts'
import { accountRepository } from '../../workers/users/src/accounts/repository/index.ts'
import { DEMO_ADMIN, DEMO_CUSTOMER } from './accounts.ts'
import { DEMO_CURRENCY, DEMO_LOCALES, DEMO_PRODUCTS } from './products.ts'
import { seedPlaces } from './seed-places.ts'
import { seedRange, succeeded } from './seed-range.ts'

export type SeedTarget = {
  environment: string
  neonEndpoint: string
  usersUrl: string
  catalogUrl: string
  ordersUrl: string
}

/**
 * Fills an empty shop with demo products, shipping, tax, and two accounts with public passwords.
 *
 * Each product is written with its event, as when staff create it.
 *
 * @returns the number of products created; 0 when the shop already has products
 * @throws Error unless the environment is development and the database is on this machine
 */
export async function seed(target: SeedTarget): Promise<number> {
  const isLocal = ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(target.neonEndpoint).hostname)
  if (target.environment !== 'development' || !isLocal) {
    throw new Error('The demo shop has public passwords, so it is only created in a local development database')
  }
  const users = connect({ connectionString: target.usersUrl, fetchEndpoint: target.neonEndpoint })
  const catalog = connect({ connectionString: target.catalogUrl, fetchEndpoint: target.neonEndpoint })
  await seedAccounts(users)
  await seedPlaces(connect({ connectionString: target.ordersUrl, fetchEndpoint: target.neonEndpoint }), new Date())
  const search = searchRepository(catalog, SHOP.defaultCurrency)
  const { products: present } = await search.list({ filters: {}, order: 'newest', limit: 1 })
  return present.length > 0 ? 0 : seedProducts(catalog)
}

async function seedAccounts(db: ReturnType<typeof connect>): Promise<void> {
  const compute = await loadArgon2id()
  const repository = accountRepository(db)
  const accounts = [
    { ...DEMO_ADMIN, name: 'Demo admin', role: 'admin' },
    { ...DEMO_CUSTOMER, name: 'Demo customer', role: 'customer' },
  ] as const
  for (const { email, password, name, role } of accounts) {
    const passwordHash = hashPassword(compute, password)
    const given = { id: newId('user'), email, emailVerified: true, name, role, passwordHash, createdAt: new Date() }
    await repository.insertIfAbsent({ ...given, locale: null, phone: null, marketingConsent: false, version: 1 })
  }
}

async function seedProducts(db: Db): Promise<number> {
  const repository = productRepository(db)
  const now = Date.now()
  const products = Object.entries(DEMO_PRODUCTS).flatMap(([category, group]) =>
    group.map((product) => [category, ...product] as const),
  )
  const createdAt = (index: number) => new Date(now - (products.length - index) * 60_000)
  const topIds = new Map<string, number>()
  const ids: number[] = []
  for (const [index, [category, name, amount, openingStock, description]] of products.entries()) {
    const draft = succeeded(
      newProduct(
        { name, description, price: amount, openingStock },
        { declared: [], defaultCurrency: DEMO_CURRENCY, locales: DEMO_LOCALES },
      ),
    )
    const categories = { named: { name: category, slug: slugOf({ name: category }, 'category') }, ids: [], keptIds: [] }
    const added = { ...draft, slug: slugOf({ name }, 'product'), categories, createdAt: createdAt(index) }
    const { product } = succeeded(await repository.insert(added))
    ids.push(product.id)
    for (const id of product.categoryIds) topIds.set(category, id)
  }
  const chosenIds = ids.filter((_, index) => index % 8 === 0)
  return products.length + (await seedRange(db, { topIds, chosenIds, before: createdAt(0) }))
}
