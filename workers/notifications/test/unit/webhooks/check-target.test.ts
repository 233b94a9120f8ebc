import { describe, expect, it, vi } from 'vitest'
import { checkTarget } from '../../../src/webhook-endpoints/check-target.ts'
import { dnsOverHttps } from '../../../src/webhook-endpoints/dns-over-https.ts'

const PUBLIC = 'https://hooks.example.com/shop'
const resolvesTo = (...addresses: string[]) => ({ targets: 'public' as const, resolve: async () => addresses })

describe('a target', () => {
  it('may be used when every address of its name is public', async () => {
    expect(await checkTarget(resolvesTo('93.184.216.34', '2606:2800:220::1'), PUBLIC)).toEqual({
      ok: true,
      value: PUBLIC,
    })
  })

  it.each([
    ['private_address', ['127.0.0.1']],
    ['private_address', ['93.184.216.34', '169.254.169.254']],
    ['private_address', ['::ffff:10.0.0.1']],
    ['unresolved', []],
  ])('is refused as %s when its name leads to %j', async (reason, addresses) => {
    expect(await checkTarget(resolvesTo(...addresses), PUBLIC)).toMatchObject({ failure: { reason } })
  })

  it('is neither allowed nor refused when no resolver answers', async () => {
    const deps = { targets: 'public' as const, resolve: async () => undefined }
    expect(await checkTarget(deps, PUBLIC)).toEqual({ ok: false, failure: { code: 'service_unavailable' } })
  })

  it('is resolved only if it is a name that may be used', async () => {
    const resolve = vi.fn(async () => ['93.184.216.34'])
    await checkTarget({ targets: 'public', resolve }, 'https://93.184.216.34/')
    await checkTarget({ targets: 'public', resolve }, 'https://localhost/')
    await checkTarget({ targets: 'loopback', resolve }, 'http://127.0.0.1:4000/')
    expect(resolve).not.toHaveBeenCalled()
  })
})

describe('DNS over HTTPS', () => {
  const A_RECORD = { type: 1, data: '93.184.216.34' }
  const answering = (answers: Record<string, unknown>) =>
    dnsOverHttps(async (url) => {
      const { searchParams } = new URL(String(url))
      expect(searchParams.get('name')).toBe('hooks.example.com')
      return Response.json(answers[searchParams.get('type') ?? ''])
    })

  it('gives the addresses of both kinds, without the names on the way', async () => {
    const resolve = answering({
      A: { Status: 0, Answer: [{ type: 5, data: 'host.example.net.' }, A_RECORD] },
      AAAA: { Status: 0, Answer: [{ type: 28, data: '2606:2800:220::1' }] },
    })
    expect(await resolve('hooks.example.com')).toEqual(['93.184.216.34', '2606:2800:220::1'])
  })

  it('gives none for a name that does not exist, or whose own servers fail', async () => {
    expect(await answering({ A: { Status: 3 }, AAAA: { Status: 3 } })('hooks.example.com')).toEqual([])
    expect(await answering({ A: { Status: 2 }, AAAA: { Status: 2 } })('hooks.example.com')).toEqual([])
  })

  it.each([
    ['is away', () => Promise.reject(new TypeError('fetch failed'))],
    ['answers an error', () => Promise.resolve(new Response('busy', { status: 503 }))],
    ['answers something else', () => Promise.resolve(Response.json({ error: 'x' }))],
  ])('says nothing when the resolver %s', async (_, ask) => {
    expect(await dnsOverHttps(ask)('hooks.example.com')).toBeUndefined()
  })
})
