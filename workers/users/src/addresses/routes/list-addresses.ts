import { SIGNED_IN } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { z } from 'zod'
import type { UsersApp } from '../../deps.ts'
import { MAX_ADDRESSES } from '../domain/customer-address.ts'
import { listAddresses } from '../list-addresses.ts'
import { CustomerAddressView, toCustomerAddressView } from './address-view.ts'

const CustomerAddresses = z
  .strictObject({ addresses: z.array(CustomerAddressView).max(MAX_ADDRESSES) })
  .meta({ id: 'CustomerAddresses' })

const route = createRoute({
  method: 'get',
  path: '/api/users/addresses',
  operationId: 'listAddresses',
  tags: ['Users'],
  summary: 'List the address book, oldest first',
  access: SIGNED_IN,
  responses: { 200: json('All addresses', CustomerAddresses), ...problems() },
})

export function addListAddresses(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const result = await listAddresses(c.get('deps'), c.get('caller'))
    if (!result.ok) return problem(c, result.failure)
    return c.json({ addresses: result.value.map(toCustomerAddressView) }, 200)
  })
}
