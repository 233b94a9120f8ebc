import { line } from '@shop/kernel/text'
import { z } from 'zod'
import { Country } from './country.ts'

type Described = { description?: string; example: string }

/** A part that may be left out, or empty: forms send the fields that nobody filled in. */
const optionalPart = (maxLength: number, described: Described) =>
  z
    .string()
    .max(maxLength)
    .transform((text) => (text.trim() === '' ? undefined : text))
    .pipe(line(maxLength).optional())
    .optional()
    .meta(described)

/** The parts of a structured address, before the rules of its country: this is what the API description shows. */
export const AddressParts = z
  .strictObject({
    name: optionalPart(200, { description: 'Who receives it', example: 'Ada Lovelace' }),
    company: optionalPart(200, { example: 'Analytical Engines Ltd' }),
    line1: line(200).meta({ description: 'Street and number, or what stands for them', example: '1 Main Street' }),
    line2: optionalPart(200, { description: 'Flat, floor, building', example: 'Floor 3' }),
    city: line(100).meta({ example: 'Springfield' }),
    region: optionalPart(100, {
      description:
        'State or province. Required where addresses have one; kept as its ISO 3166-2 code without the country in AU, BR, ' +
        'CA, IT and US',
      example: 'IL',
    }),
    postal_code: optionalPart(20, { description: 'Required where every address has one', example: '62701' }),
    country: Country,
    phone: optionalPart(40, {
      description: 'In international form, or as it is dialled within the country; kept in E.164',
      example: '+12175550142',
    }),
  })
  .meta({ id: 'Address', description: 'A structured address, checked by the rules of its country' })

export type Address = z.output<typeof AddressParts>
