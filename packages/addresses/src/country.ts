import { isCountry } from '@shop/settings/known-codes'
import { z } from 'zod'

/** A country of ISO 3166-1 by its two letters, in capitals however it was sent. */
export const Country = z
  .string()
  .transform((code) => code.toUpperCase())
  .pipe(z.string().refine(isCountry, 'must be an ISO 3166-1 alpha-2 country code, such as DE'))
  .meta({ description: 'ISO 3166-1 alpha-2 country code', example: 'US' })
