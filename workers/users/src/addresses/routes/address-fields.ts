import { AddressParts } from '@shop/addresses/address'
import { z } from 'zod'
import type { AddressChanges, DefaultChoice } from '../domain/customer-address.ts'

const isDefault = (what: string, omitted: string) =>
  z
    .boolean()
    .optional()
    .meta({
      description: `True makes it the default ${what} address, and another one ceases to be it; false takes it away. ${omitted}`,
    })

const defaults = (omitted: string) => ({
  is_default_shipping: isDefault('shipping', omitted),
  is_default_billing: isDefault('billing', omitted),
})
type DefaultsBody = { is_default_shipping?: boolean | undefined; is_default_billing?: boolean | undefined }

export const CreateAddressBody = z
  .strictObject({ ...AddressParts.shape, ...defaults('Without it, the first address becomes it') })
  .meta({ id: 'CreateAddressRequest', description: 'A structured address, checked by the rules of its country' })

const { name, company, line1, line2, city, region, postal_code, country, phone } = AddressParts.shape

export const UpdateAddressBody = z
  .strictObject({
    ...{ name: name.nullable(), company: company.nullable(), line1: line1.optional(), line2: line2.nullable() },
    ...{ city: city.optional(), region: region.nullable(), postal_code: postal_code.nullable() },
    ...{ country: country.optional(), phone: phone.nullable() },
    ...defaults('Without it, nothing changes'),
  })
  .meta({
    id: 'UpdateAddressRequest',
    description:
      'A merge patch (RFC 7396): omitted fields stay as they are, null removes. The whole is checked by the rules of its country',
  })

export const toDefaults = (body: DefaultsBody): DefaultChoice => ({
  defaultShipping: body.is_default_shipping,
  defaultBilling: body.is_default_billing,
})

/** The parts that the body names, null and empty ones as undefined. */
export function toAddressChanges(body: z.output<typeof UpdateAddressBody>): AddressChanges {
  const { is_default_shipping: _shipping, is_default_billing: _billing, ...parts } = body
  return Object.fromEntries(Object.entries(parts).map(([part, value]) => [part, value ?? undefined]))
}
