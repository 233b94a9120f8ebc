import { AddressParts } from '@shop/addresses/address'
import { opaqueId } from '@shop/kernel/ids'
import { Instant } from '@shop/kernel/text'
import { z } from 'zod'
import type { CustomerAddress } from '../domain/customer-address.ts'

export const AddressIdParam = opaqueId('addr_01jd4k2v9rf0fv8z3x1m5q7w2e')

const part = (example: string | null) => z.string().nullable().meta({ example })

export const CustomerAddressView = z
  .strictObject({
    id: AddressIdParam,
    name: part('Ada Lovelace'),
    company: part('Analytical Engines Ltd'),
    line1: z.string().meta({ example: '1 Main Street' }),
    line2: part('Floor 3'),
    city: z.string().meta({ example: 'Springfield' }),
    region: part('IL'),
    postal_code: part('62701'),
    country: AddressParts.shape.country,
    phone: part('+12175550142'),
    is_default_shipping: z.boolean().meta({ example: true }),
    is_default_billing: z.boolean().meta({ example: true }),
    version: z.int().meta({ description: 'Counts the changes. For If-Match, as in the ETag', example: 1 }),
    created_at: Instant,
    updated_at: Instant,
  })
  .meta({ id: 'CustomerAddress' })
type CustomerAddressView = z.infer<typeof CustomerAddressView>

export const CustomerAddressResponse = z
  .strictObject({ address: CustomerAddressView })
  .meta({ id: 'CustomerAddressResponse' })

/** The answer to a write. */
export const CustomerAddressWithMessage = z
  .strictObject({ address: CustomerAddressView, message: z.string().meta({ example: 'Address created' }) })
  .meta({ id: 'CustomerAddressWithMessage' })

export function toCustomerAddressView({ address, ...entry }: CustomerAddress): CustomerAddressView {
  const { name, company, line1, line2, city, region, postal_code, country, phone } = address
  return {
    ...{ id: entry.id, name: name ?? null, company: company ?? null, line1, line2: line2 ?? null, city },
    ...{ region: region ?? null, postal_code: postal_code ?? null, country, phone: phone ?? null },
    is_default_shipping: entry.isDefaultShipping,
    is_default_billing: entry.isDefaultBilling,
    version: entry.version,
    created_at: entry.createdAt.toISOString(),
    updated_at: entry.updatedAt.toISOString(),
  }
}
