import { regionCodeOf } from '@shop/addresses/regions'
import type { FieldError } from '@shop/kernel/failures'
import type { Area } from './area.ts'
import type { PostalCodes } from './postal-codes.ts'

/** An area as staff send it. */
export type AreaDraft = {
  country: string
  regions?: readonly string[] | undefined
  postalCodes?: readonly PostalCodes[] | undefined
}

/**
 * The area with the codes of its regions, which may be given by name.
 *
 * @param prefix of the fields that errors name, such as `areas.0.`
 */
export function decideArea(
  { country, regions = [], postalCodes = [] }: AreaDraft,
  prefix = '',
): { area: Area; errors: FieldError[] } {
  const codes = regions.map((region) => regionCodeOf(country, region))
  const errors: FieldError[] = [
    ...codes.flatMap((code, index) =>
      code === undefined ? [{ field: `${prefix}regions.${index}`, message: `is not a region of ${country}` }] : [],
    ),
    ...postalCodes.flatMap((given, index) => {
      const message = rangeError(given)
      return message === undefined ? [] : [{ field: `${prefix}postal_codes.${index}`, message }]
    }),
  ]
  return { area: { country, regions: [...new Set(codes.filter((code) => code !== undefined))], postalCodes }, errors }
}

function rangeError(codes: PostalCodes): string | undefined {
  if ('prefix' in codes) return undefined
  if (codes.from.length !== codes.to.length) return 'must be from and to as many digits'
  return codes.from <= codes.to ? undefined : 'must not end before it begins'
}
