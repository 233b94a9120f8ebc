import type { RequestOptions } from '@shop/testing/client'
import { describe, expect, it } from 'vitest'
import { useSharedPlatform } from './support/use-platform.ts'

const stage = useSharedPlatform()

const asAdmin = (method: string, path: string, options: RequestOptions = {}) =>
  stage.shop.request(method, path, { token: stage.admin.token, ...options })

async function entriesOf(query: string) {
  return (await asAdmin('GET', `/api/audit?${query}`)).body.audit_entries
}

describe('the audit log', () => {
  it('has every write of staff with its answer, and no body', async () => {
    const name = `secret name ${crypto.randomUUID()}`
    const created = await asAdmin('POST', '/api/products', { body: { name, price: 1 } })
    const { id } = created.body.product
    await asAdmin('DELETE', `/api/products/${id}`)
    await asAdmin('PATCH', `/api/products/${id}`, { body: { name: 5 } })
    const about = await entriesOf(`resource_id=${id}`)
    expect(about).toMatchObject([
      { method: 'PATCH', operation: 'patchProduct', path: '/api/products/{id}', status: 422 },
      { method: 'DELETE', operation: 'deleteProduct', status: 200, actor_id: stage.admin.user.id, role: 'admin' },
      { method: 'POST', operation: 'createProduct', status: 201, resource_id: null, created_id: String(id) },
    ])
    const [newest] = await entriesOf(`actor_id=${stage.admin.user.id}&operation=createProduct&limit=1`)
    expect(newest).toMatchObject({ status: 201, resource_id: null, request_id: created.headers.get('x-request-id') })
    expect(JSON.stringify(await entriesOf('limit=100'))).not.toContain(name)
  })

  it('has neither reads nor what customers do', async () => {
    const { customer, shop } = stage
    const product = await shop.addProduct(stage.admin)
    await shop.placeOrder(customer, [[product, 1]])
    expect(await entriesOf(`actor_id=${customer.user.id}`)).toEqual([])
    await asAdmin('GET', `/api/products/${product.id}`)
    expect((await entriesOf(`resource_id=${product.id}`)).map(({ operation }) => operation)).toEqual(['createProduct'])
  })

  it('is read page by page, newest first, and refuses foreign cursors', async () => {
    const { id } = await stage.shop.addProduct(stage.admin)
    for (let write = 0; write < 3; write += 1) {
      await asAdmin('PATCH', `/api/products/${id}`, { body: { name: `Mug ${write}` } })
    }
    const path = `/api/audit?operation=patchProduct&resource_id=${id}&limit=2`
    const first = (await asAdmin('GET', path)).body
    const rest = (await asAdmin('GET', `${path}&cursor=${first.next_cursor}`)).body
    const ids = [...first.audit_entries, ...rest.audit_entries].map(({ id }) => id)
    expect(ids).toHaveLength(3)
    expect(ids).toEqual(ids.toSorted().toReversed())
    expect((await asAdmin('GET', '/api/audit?cursor=AAAA')).body.code).toBe('invalid_cursor')
  })

  it('that cannot be written stops the write: 503, and nothing is done', async () => {
    const { faults } = stage.platform.database
    faults.add({ kind: 'cut_before', match: { role: 'users_service', sql: 'insert into "users"."audit"' } })
    const name = crypto.randomUUID()
    const refused = await asAdmin('POST', '/api/products', { body: { name, price: 1 } })
    faults.clear()
    expect(refused.status).toBe(503)
    const found = await asAdmin('GET', `/api/products?search=${name}`)
    expect(found.body.products.filter((product) => product.name === name)).toEqual([])
  })
})
