import type { ProductBody } from '@shop/testing/product-body'
import type { Stage } from './use-platform.ts'

/** Calls of the catalog by staff. */
export function catalogCallsOf(stage: Stage) {
  const unique = () => crypto.randomUUID().slice(0, 8)
  // Accounts that may write products bypass every cache, so they read their own writes.
  const readAt = (path: string) => stage.shop.request('GET', path, { token: stage.admin.token })
  const list = (query: Record<string, string>) => readAt(`/api/products?${new URLSearchParams(query)}`)
  const read = async (id: number) => (await readAt(`/api/products/${id}`)).body.product
  const idsOf = (products: ProductBody[]) => products.map(({ id }) => id)
  const create = (body: object) => stage.shop.request('POST', '/api/products', { token: stage.admin.token, body })
  const update = (id: number, body: object) =>
    stage.shop.request('PUT', `/api/products/${id}`, { token: stage.admin.token, body })
  return { unique, list, read, readAt, idsOf, create, update }
}
