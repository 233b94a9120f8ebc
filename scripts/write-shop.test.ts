import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readShop, shopModule } from './write-shop.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'shop-settings-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const read = (name: string) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8')

/** A shop.jsonc with a change. */
function shopFile(change: (text: string) => string): string {
  const path = join(folder, 'shop.jsonc')
  writeFileSync(path, change(read('shop.jsonc')))
  return path
}

describe('shop.jsonc', () => {
  it('is what the workers are built with', () => {
    // `npm run shop` writes the module again.
    expect(read('packages/settings/src/shop.ts')).toBe(shopModule(readShop()))
  })

  it('may have comments and trailing commas', () => {
    const path = shopFile((text) => text.replace('["en", "de"]', '["en", /* later: "fr" */ "de",]'))
    expect(readShop(path).locales).toEqual(['en', 'de'])
  })

  it('is refused with the setting that is wrong', () => {
    const path = shopFile((text) => text.replace('"USD", "EUR"', '"USD", "EURO"'))
    expect(() => readShop(path)).toThrow(/currencies\.1: must be an ISO 4217 currency code/)
  })

  it('is refused when it is not JSON', () => {
    expect(() => readShop(shopFile(() => '{"legal_name": '))).toThrow(/not JSON/)
  })
})
