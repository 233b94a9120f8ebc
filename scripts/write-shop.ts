import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseShop } from '@shop/settings/parse-shop'
import type { ShopSettings } from '@shop/settings/shop-settings'
import stripJsonComments from 'strip-json-comments'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const SOURCE = join(ROOT, 'shop.jsonc')
const MODULE = join(ROOT, 'packages/settings/src/shop.ts')

/**
 * Reads and checks `shop.jsonc`.
 *
 * @throws Error that lists what is wrong with which setting
 */
export function readShop(source = SOURCE): ShopSettings {
  const parsed = parseShop(jsonOf(readFileSync(source, 'utf8')))
  if (parsed.ok) return parsed.value
  const faults = parsed.failure.errors.map(({ field, message }) => `  ${field}: ${message}`)
  throw new Error(`shop.jsonc is not valid:\n${faults.join('\n')}`)
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(stripJsonComments(text, { trailingCommas: true }))
  } catch (cause) {
    throw new Error(`shop.jsonc is not JSON with comments: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    })
  }
}

/** The module that the workers import: they cannot read files, and bundlers cannot read JSON with comments. */
export const shopModule = (
  shop: ShopSettings,
): string => `// Written from shop.jsonc by \`npm run shop\`. Do not edit it.
import type { ShopSettings } from './shop-settings.ts'

/** The settings of this shop. They were checked when this file was written, which a type cannot show. */
export const SHOP = ${JSON.stringify(shop, null, 2)} as unknown as ShopSettings
`

/**
 * Checks `shop.jsonc` and writes the module from it, if it has changed.
 *
 * @throws Error for settings that are not valid
 */
export function writeShop(): void {
  const module = shopModule(readShop())
  // An unchanged file keeps its time, so that nothing is built again.
  if (!existsSync(MODULE) || readFileSync(MODULE, 'utf8') !== module) writeFileSync(MODULE, module)
}

if (import.meta.main) {
  try {
    writeShop()
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
