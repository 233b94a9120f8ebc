import type { InvalidAttributes } from '@shop/contracts/catalog/failures'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { Attribute } from './attribute.ts'

export type AttributeValue = string | number | boolean | readonly string[]
/** The attributes of a product by key. */
export type ProductAttributes = Readonly<Record<string, AttributeValue>>

/**
 * Checks the attributes of a product against what is declared. One value of a list may come without its array. An
 * attribute that is not declared may have any value; it is shown, but nobody can filter by it.
 *
 * @returns the attributes as they are stored, or an error for each wrong one
 */
export function checkAttributes(
  declared: readonly Attribute[],
  given: ProductAttributes,
): Result<ProductAttributes, InvalidAttributes> {
  const byKey = new Map(declared.map((attribute) => [attribute.key, attribute]))
  const checked = Object.entries(given).map(([key, value]) => {
    const attribute = byKey.get(key)
    return { key, ...(attribute === undefined ? { value } : checkValue(attribute, value)) }
  })
  const errors = checked.flatMap(({ key, message }) =>
    message === undefined ? [] : [{ field: `attributes.${key}`, message }],
  )
  if (errors.length > 0) return fail({ code: 'invalid_attributes', errors })
  return ok(Object.fromEntries(checked.map(({ key, value }) => [key, value])))
}

type Checked = { value: AttributeValue; message?: string }

function checkValue({ type, values }: Attribute, value: AttributeValue): Checked {
  if (type === 'list') return checkList(values ?? [], value)
  const isRight = type === 'text' ? typeof value === 'string' : typeof value === type
  return isRight ? { value } : { value, message: `must be a ${type}` }
}

function checkList(allowed: readonly string[], value: AttributeValue): Checked {
  const values = typeof value === 'string' ? [value] : value
  if (!Array.isArray(values)) return { value, message: 'must be a list of values' }
  const unknown = values.find((one) => !allowed.includes(one))
  if (unknown !== undefined) return { value, message: `must be of ${allowed.join(', ')}` }
  return { value: [...new Set(values)] }
}
