import { ANONYMOUS } from '@shop/kernel/caller'
import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { aShop } from '../support/app.ts'

/** The parts of an OpenAPI document that are checked here. */
const Description = z.object({
  paths: z.record(z.string(), z.record(z.string(), z.object({ responses: z.record(z.string(), z.unknown()) }))),
})

describe('the catalogue worker', () => {
  it('describes every status that its routes answer', async () => {
    const { body } = await aShop().call(ANONYMOUS, 'GET', '/openapi.json')
    const { paths } = Description.parse(body)
    expect(Object.keys(paths)).toEqual([
      '/api/products',
      '/api/products/bulk',
      '/api/products/{id}',
      '/api/products/by-slug/{slug}',
      '/api/variants',
      '/api/products/{id}/variants',
      '/api/products/{id}/variants/{variant_id}',
      '/api/categories',
      '/api/categories/{id}',
      '/api/collections',
      '/api/collections/{id}',
      '/api/collections/{id}/products',
      '/api/attributes',
      '/api/attributes/{id}',
      '/api/search/suggest',
      '/api/shop',
      '/api/inventory',
      '/api/inventory/{product_id}',
      '/api/inventory/{product_id}/adjust',
      '/api/variants/{variant_id}/inventory',
      '/api/variants/{variant_id}/inventory/adjust',
      '/api/inventory/rebuild',
      '/api/inventory/reconcile',
      '/api/events/{service}',
      '/api/events/{service}/replay',
      '/api/events/{service}/{event_id}/retry',
      '/api/events/{service}/{event_id}/skip',
    ])
    expect(Object.keys(paths['/api/products/{id}']?.put?.responses ?? {})).toEqual(
      '200 400 401 403 404 408 409 412 413 415 422 429 500 503'.split(' '),
    )
  })

  it('is ready when the database answers, and unavailable when it does not', async () => {
    vi.spyOn(console, 'warn').mockImplementationOnce(() => {})
    const shop = aShop()
    const ready = await shop.call(ANONYMOUS, 'GET', '/internal/ready')
    expect(ready).toMatchObject({ status: 200, body: { status: 'ready', checks: { postgres: { status: 'ok' } } } })
    shop.deps.events.lag = () => Promise.reject(new Error('connection refused'))
    expect(await shop.call(ANONYMOUS, 'GET', '/internal/ready')).toMatchObject({
      status: 503,
      body: { status: 'unavailable', checks: { postgres: { status: 'down' } } },
    })
  })
})
