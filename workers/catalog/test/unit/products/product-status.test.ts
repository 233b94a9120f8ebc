import { ANONYMOUS } from '@shop/kernel/caller'
import { describe, expect, it } from 'vitest'
import { aShop } from '../../support/app.ts'
import { CUSTOMER, NOW, STAFF } from '../../support/catalog.ts'

const mug = { name: 'Mug', price: 12.5 }

describe('a product that is not for sale', () => {
  it.each(['draft', 'archived'])('that is %s is shown to staff only', async (status) => {
    const { call } = aShop()
    expect(await call(STAFF, 'POST', '/api/products', { ...mug, status })).toMatchObject({ status: 201 })
    for (const path of ['/api/products/1', '/api/products/by-slug/mug']) {
      expect(await call(STAFF, 'GET', path)).toMatchObject({ status: 200, body: { product: { status } } })
      for (const caller of [ANONYMOUS, CUSTOMER]) expect((await call(caller, 'GET', path)).status).toBe(404)
    }
    expect(await call(STAFF, 'GET', '/api/products')).toMatchObject({ body: { products: [] } })
    expect(await call(STAFF, 'GET', `/api/products?status=${status}`)).toMatchObject({
      body: { products: [{ id: 1 }] },
    })
  })

  it('is listed by no customer', async () => {
    const { call } = aShop()
    for (const caller of [ANONYMOUS, CUSTOMER]) {
      for (const status of ['draft', 'active']) {
        expect(await call(caller, 'GET', `/api/products?status=${status}`)).toMatchObject({
          status: 403,
          body: { code: 'forbidden' },
        })
      }
      expect((await call(caller, 'GET', '/api/products?status=')).status).toBe(200)
    }
    expect((await call(STAFF, 'GET', '/api/products?status=sold')).status).toBe(422)
  })

  it('is archived by deleting it, stays readable to staff, and is restored by its status', async () => {
    const { call } = aShop()
    await call(STAFF, 'POST', '/api/products', mug)
    await call(STAFF, 'DELETE', '/api/products/1')
    const archived = { status: 'archived', archived_at: NOW.toISOString(), version: 2 }
    expect(await call(STAFF, 'GET', '/api/products/1')).toMatchObject({ body: { product: archived } })
    for (const method of ['PUT', 'PATCH']) {
      expect(await call(STAFF, method, '/api/products/1', { name: 'Cup' })).toMatchObject({ status: 404 })
    }
    expect(await call(STAFF, 'DELETE', '/api/products/1')).toMatchObject({ status: 404 })
    const restored = { status: 'active', archived_at: null, name: 'Cup', version: 3 }
    expect(await call(STAFF, 'PATCH', '/api/products/1', { status: 'active', name: 'Cup' })).toMatchObject({
      body: { product: restored },
    })
    expect((await call(ANONYMOUS, 'GET', '/api/products/1')).status).toBe(200)
  })

  it('is archived by its status too', async () => {
    const { call } = aShop()
    await call(STAFF, 'POST', '/api/products', mug)
    expect(await call(STAFF, 'PUT', '/api/products/1', { status: 'archived' })).toMatchObject({
      body: { product: { status: 'archived', archived_at: NOW.toISOString() } },
    })
    expect((await call(ANONYMOUS, 'GET', '/api/products/1')).status).toBe(404)
  })
})

describe('the slug of a product', () => {
  it('is made from its name, and differs from those of others', async () => {
    const { call } = aShop()
    for (const slug of ['mug', 'mug-2']) {
      expect(await call(STAFF, 'POST', '/api/products', mug)).toMatchObject({ body: { product: { slug } } })
    }
    expect(await call(STAFF, 'POST', '/api/products', { ...mug, slug: 'mug' })).toMatchObject({
      status: 409,
      body: { code: 'slug_taken', slug: 'mug' },
    })
  })

  it('redirects to the present one after it was changed, until another product takes it', async () => {
    const { call, send } = aShop()
    await call(STAFF, 'POST', '/api/products', mug)
    for (const slug of ['cup', 'beaker']) await call(STAFF, 'PATCH', '/api/products/1', { slug })
    for (const old of ['mug', 'cup']) {
      const answer = await send(ANONYMOUS, 'GET', `/api/products/by-slug/${old}`)
      expect([answer.status, answer.headers.get('location')]).toEqual([301, '/api/products/by-slug/beaker'])
      expect(answer.headers.get('cache-control')).toBe('public, max-age=0, must-revalidate')
    }
    await call(STAFF, 'POST', '/api/products', { ...mug, slug: 'mug' })
    expect(await call(ANONYMOUS, 'GET', '/api/products/by-slug/mug')).toMatchObject({ body: { product: { id: 2 } } })
    expect(await call(ANONYMOUS, 'GET', '/api/products/by-slug/none')).toMatchObject({
      status: 404,
      body: { code: 'product_slug_not_found', slug: 'none' },
    })
    expect(await call(ANONYMOUS, 'GET', '/api/products/by-slug/Not%20a%20slug')).toMatchObject({ status: 422 })
  })

  it('may be set to what it is', async () => {
    const { call } = aShop()
    await call(STAFF, 'POST', '/api/products', mug)
    expect(await call(STAFF, 'PATCH', '/api/products/1', { slug: 'mug' })).toMatchObject({
      body: { product: { slug: 'mug' } },
    })
  })
})
