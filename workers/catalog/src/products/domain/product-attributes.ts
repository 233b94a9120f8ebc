import type { InvalidAttributes } from '@shop/contracts/catalog/failures'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { Attribute } from '../../attributes/domain/attribute.ts'
import {
  type AttributeValue,
  checkAttributes,
  type ProductAttributes,
} from '../../attributes/domain/product-attributes.ts'

export const MAX_ATTRIBUTES = 50

/** A merge patch (RFC 7396): absent keys stay, null removes a key, or, instead of the object, all of them. */
export type AttributePatch = Readonly<Record<string, AttributeValue | null>> | null

/**
 * Applies changes to the attributes of a product. Only those that change are checked: others keep values that have been
 * withdrawn since.
 *
 * @param declared the attributes of the changed keys, as far as they are declared
 */
export function patchAttributes(
  declared: readonly Attribute[],
  current: ProductAttributes,
  changes: AttributePatch,
): Result<ProductAttributes, InvalidAttributes> {
  if (changes === null) return ok({})
  const set = Object.entries(changes).flatMap(([key, value]) => (value === null ? [] : [[key, value] as const]))
  const checked = checkAttributes(declared, Object.fromEntries(set))
  if (!checked.ok) return checked
  const kept = Object.entries(current).filter(([key]) => !Object.hasOwn(changes, key))
  const merged = Object.fromEntries([...kept, ...Object.entries(checked.value)])
  if (Object.keys(merged).length <= MAX_ATTRIBUTES) return ok(merged)
  return fail({
    code: 'invalid_attributes',
    errors: [{ field: 'attributes', message: `must be at most ${MAX_ATTRIBUTES}` }],
  })
}
