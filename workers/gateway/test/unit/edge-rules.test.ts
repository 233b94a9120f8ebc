import { acceptedLanguages } from '@shop/http/accepted-languages'
import { describe, expect, it } from 'vitest'
import { asOfAnswer, keptHeaders, lifeOf, validUntilOf } from '../../src/caching/domain/edge-entry.ts'
import { Lru } from '../../src/caching/domain/lru.ts'
import { publicReadOf } from '../../src/caching/domain/public-read.ts'

const of = (path: string, method = 'GET', acceptLanguage?: string) =>
  publicReadOf({
    method,
    url: `https://shop.example.com${path}`,
    languages: acceptedLanguages(acceptLanguage),
    locales: ['en', 'de', 'pt-BR'],
  })

describe('a public read', () => {
  it.each([
    ['/api/products', '/api/products'],
    ['/api/products/', '/api/products'],
    ['/api/products/7/', '/api/products/7'],
    ['/api/products/7?', '/api/products/7'],
    ['/api/products?limit=5&category=tea', '/api/products?category=tea&limit=5'],
    ['/api/products?category=tea&limit=5#top', '/api/products?category=tea&limit=5'],
    ['/api/products?&limit=5&&=1', '/api/products?limit=5'],
    ['/api/products?search=a+b', '/api/products?search=a+b'],
    ['/api/products?search=a%20b', '/api/products?search=a+b'],
    ['/api/products?search=caf%C3%A9', '/api/products?search=caf%C3%A9'],
    ['/api/products?search=', '/api/products'],
    ['/api/products?search=&category=&limit=5', '/api/products?limit=5'],
    ['/api/products?search', '/api/products'],
    ['/api/products?limit=', '/api/products?limit='],
    ['/api/products?search=&search=tea', '/api/products?search=&search=tea'],
    ['/api/products?limit=9&limit=3', '/api/products?limit=9&limit=3'],
    ['/api/products?tag=b&brand=x&tag=a&tag=', '/api/products?brand=x&tag=a&tag=b'],
    ['/api/products?option.size=M&facets=true&option.size=L', '/api/products?facets=true&option.size=L&option.size=M'],
    ['/api/products?attribute.wood=&sort=', '/api/products'],
    ['/api/search/suggest?q=caf', '/api/search/suggest?q=caf'],
  ])('%s has the key %s', (path, key) => {
    expect([of(path), of(path, 'HEAD')]).toEqual([key, key])
  })

  it.each([
    ['/api/products', undefined, '/api/products'],
    ['/api/products', 'de-AT,de;q=0.9,en;q=0.8', '/api/products?locale=de'],
    ['/api/products?limit=5', 'fr,de;q=0.1', '/api/products?limit=5&locale=de'],
    ['/api/products', 'de;q=0', '/api/products'],
    ['/api/products', 'fr, *, de;q=0.1', '/api/products'],
    ['/api/products?locale=', 'de', '/api/products?locale=de'],
    ['/api/products?locale=en', 'de', '/api/products'],
    ['/api/products?locale=DE-at', 'en', '/api/products?locale=de'],
    ['/api/products?locale=pt', undefined, '/api/products?locale=pt-BR'],
    ['/api/products?locale=sv', 'de', '/api/products'],
    ['/api/products/7', 'de', '/api/products/7?locale=de'],
    ['/api/products/by-slug/mug', 'de', '/api/products/by-slug/mug?locale=de'],
    ['/api/search/suggest?q=a', 'de', '/api/search/suggest?locale=de&q=a'],
    // What is refused stays as it is.
    ['/api/products?locale=_', 'de', '/api/products?locale=_'],
    ['/api/products?locale=de&locale=en', 'de', '/api/products?locale=de&locale=en'],
    // What has no translated texts has one answer for all.
    ['/api/categories', 'de', '/api/categories'],
    ['/api/variants?sku=A', 'de', '/api/variants?sku=A'],
  ])('%s in the languages %s has the key %s', (path, acceptLanguage, key) => {
    expect(of(path, 'GET', acceptLanguage)).toBe(key)
  })

  it.each([
    ['/api/products', 'POST'],
    ['/api/products/7', 'DELETE'],
    ['/api/products/x', 'GET'],
    ['/api/products/0', 'GET'],
    ['/api/products/7/reviews', 'GET'],
    ['/api/products//', 'GET'],
    ['/api/products?utm_source=x', 'GET'],
    ['/api/products?limit=5&Search=tea', 'GET'],
    ['/api/products/7?limit=3', 'GET'],
    ['/api/orders', 'GET'],
    ['/api/users/profile', 'GET'],
    ['/', 'GET'],
  ])('%s with %s is not one', (path, method) => {
    expect(of(path, method)).toBeUndefined()
  })
})

describe('an entry', () => {
  it.each([
    [0, 'fresh'],
    [499, 'fresh'],
    [500, 'stale'],
    [999, 'stale'],
    [1_000, 'old'],
    [59_999, 'old'],
    [60_000, 'dead'],
    [-1, 'dead'],
  ])('that was current %i ms ago is %s', (age, life) => {
    expect(lifeOf({ asOf: 1_000_000 }, 1_000_000 + age)).toBe(life)
  })

  it.each([
    [99, 'fresh'],
    [100, 'old'],
    [59_999, 'old'],
    [60_000, 'dead'],
  ])('that changes by itself after 100 ms is after %i ms %s', (age, life) => {
    expect(lifeOf({ asOf: 1_000_000, validUntil: 1_000_100 }, 1_000_000 + age)).toBe(life)
  })

  it.each([
    ['120', 5_120],
    ['-1', 4_999],
    ['nonsense', undefined],
    [null, undefined],
  ])('with the validity %s changes by itself at %s', (valid, until) => {
    expect(validUntilOf(valid, 5_000)).toBe(until)
  })

  it.each([
    [200, '0', 5_000],
    [404, '120', 4_880],
    [200, null, undefined],
    [200, '', undefined],
    [200, '-1', undefined],
    [200, 'nonsense', undefined],
    [422, '0', undefined],
    [304, '0', undefined],
    [500, '0', undefined],
    [503, '0', undefined],
  ])('of a %i with the age %s is as of %s', (status, cacheable, asOf) => {
    expect(asOfAnswer(status, cacheable, 5_000)).toBe(asOf)
  })

  it('keeps no header of the request it was made for', () => {
    const headers = new Headers({
      'content-type': 'application/json',
      etag: '"a"',
      'cache-control': 'public',
      'x-shop-route': '/api/products',
      'x-request-id': 'somebody',
      'x-shop-trips': 'postgres=1',
      'x-shop-caller': 'somebody',
      'set-cookie': 'a=b',
      'access-control-allow-origin': 'https://store.example.com',
    })
    expect(
      keptHeaders(headers)
        .map(([name]) => name)
        .sort(),
    ).toEqual(['cache-control', 'content-type', 'etag', 'x-shop-route'])
  })
})

describe('the memory cache', () => {
  it('keeps the most recently used entries, up to a maximum number', () => {
    const lru = new Lru<string>({ entries: 2, weight: 1_000 })
    lru.set('a', 'A', 1)
    lru.set('b', 'B', 1)
    expect(lru.get('a')).toBe('A')
    lru.set('c', 'C', 1)
    expect(['a', 'b', 'c'].map((key) => lru.get(key))).toEqual(['A', undefined, 'C'])
  })

  it('stays within its size limit, however often an entry is set', () => {
    const lru = new Lru<number>({ entries: 1_000, weight: 100 })
    for (let n = 0; n < 50; n += 1) lru.set(String(n), n, 10)
    expect(lru.size).toBe(10)
    for (let n = 0; n < 50; n += 1) lru.set('same', n, 10)
    expect([lru.size, lru.get('same'), lru.get('49')]).toEqual([10, 49, 49])
  })

  it('keeps no entry so large that it would evict the rest', () => {
    const lru = new Lru<number>({ entries: 10, weight: 100 })
    lru.set('a', 1, 10)
    lru.set('a', 2, 11)
    expect([lru.size, lru.get('a')]).toEqual([0, undefined])
  })
})
