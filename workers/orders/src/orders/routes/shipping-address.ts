import { AddressParts } from '@shop/addresses/address'
import { StructuredAddress } from '@shop/addresses/structured-address'
import { text } from '@shop/kernel/text'
import { z } from 'zod'
import type { ShippingAddress } from '../domain/order.ts'

const OtherParts = z
  .record(text(1, 50), text(0, 500))
  .refine((parts) => Object.keys(parts).length <= 20, 'must have at most 20 parts')

/** As it is stored: free text, a structured address, or other parts. */
export const ShippingAddressView: z.ZodType<ShippingAddress> = z
  .union([text(1, 2_000), AddressParts, OtherParts])
  .meta({
    description:
      'An object with `line1` and `country` is a structured address, checked by the rules of its country. Free text and ' +
      'other parts are kept as they were sent, and have no options of shipping and no tax. One without any text is no address',
    example: '1 Main St, Springfield',
  })

const isStructured = (value: unknown) =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, 'line1') && Object.hasOwn(value, 'country')

/** An issue for each unknown part: zod would go on after an issue of unknown keys, and the address pass as other parts. */
function eachKey(issue: z.core.$ZodIssue): { path: PropertyKey[]; message: string }[] {
  if (issue.code !== 'unrecognized_keys') return [issue]
  return issue.keys.map((key) => ({ path: [...issue.path, key], message: 'is not a known field' }))
}

const isBlank = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every((part) => part === '')

/**
 * The address of a new order; null where nobody filled in a part of it. Whether it is structured is decided first: else a wrong structured address would pass as
 * other parts, or its errors would be about those.
 */
export const ShippingAddressBody = z.preprocess((value, context) => {
  if (!isStructured(value)) return isBlank(value) ? null : value
  const parsed = StructuredAddress.safeParse(value)
  if (parsed.success) return parsed.data
  for (const { path, message } of parsed.error.issues.flatMap(eachKey))
    context.addIssue({ code: 'custom', path, message })
  return value
}, ShippingAddressView.nullable())
