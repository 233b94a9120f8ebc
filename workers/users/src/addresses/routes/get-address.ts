import { SIGNED_IN } from '@shop/http/access'
import { versioned } from '@shop/http/conditional'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { z } from 'zod'
import type { UsersApp } from '../../deps.ts'
import { getAddress } from '../get-address.ts'
import { AddressIdParam, CustomerAddressResponse, toCustomerAddressView } from './address-view.ts'

const route = createRoute({
  method: 'get',
  path: '/api/users/addresses/{id}',
  operationId: 'getAddress',
  tags: ['Users'],
  summary: 'Show an address of the address book',
  access: SIGNED_IN,
  request: { params: z.object({ id: AddressIdParam }) },
  responses: {
    200: json('The address', CustomerAddressResponse),
    ...problems('address_not_found'),
  },
})

export function addGetAddress(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const result = await getAddress(c.get('deps'), c.get('caller'), c.req.valid('param'))
    if (!result.ok) return problem(c, result.failure)
    versioned(c, result.value.version)
    return c.json({ address: toCustomerAddressView(result.value) }, 200)
  })
}
