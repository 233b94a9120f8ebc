import { describe, expect, it } from 'vitest'
import { useSharedPlatform } from './support/use-platform.ts'

const stage = useSharedPlatform()

const asStaff = (method: string, path: string, options: { body?: unknown; headers?: Record<string, string> } = {}) =>
  stage.shop.request(method, path, { token: stage.admin.token, ...options })

async function newPromotion() {
  const body = { name: 'Welcome', type: 'percentage', value: 10, single_use_codes: true }
  const created = await asStaff('POST', '/api/promotions', { body })
  expect([created.status, created.body.promotion.automatic]).toEqual([201, false])
  return created.body.promotion
}

describe('the single-use codes of a promotion', () => {
  it('are as many as staff ask for, once for each key', async () => {
    const path = `/api/promotions/${(await newPromotion()).id}/codes`
    const request = { body: { count: 100_000, prefix: 'hi-' }, headers: { 'idempotency-key': crypto.randomUUID() } }
    const made = await asStaff('POST', path, request)
    expect([made.status, made.body.codes.length]).toEqual([201, 1_000])
    const again = await asStaff('POST', path, request)
    expect([again.headers.get('idempotency-replayed'), again.body]).toEqual(['true', made.body])
  })

  it('are read page by page, each once', async () => {
    const path = `/api/promotions/${(await newPromotion()).id}/codes`
    const made = await asStaff('POST', path, { body: { count: 2_500, prefix: 'hi-' } })
    const codes = made.body.codes.map(({ code }) => code)
    for (let cursor: string | null = made.body.next_cursor; cursor !== null; ) {
      const { body } = await asStaff('GET', `${path}?limit=1000&cursor=${cursor}`)
      codes.push(...body.codes.map(({ code }) => code))
      cursor = body.next_cursor
    }
    expect([codes.length, new Set(codes).size]).toEqual([2_500, 2_500])
    expect(codes.every((code) => /^HI-[0-9A-HJKMNP-TV-Z]{13}$/.test(code))).toBe(true)
  })
})
