import { SIGNED_IN } from '@shop/http/access'
import { expectedVersions, versioned } from '@shop/http/conditional'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { IfMatchHeader } from '@shop/kernel/versions'
import { z } from 'zod'
import type { UsersApp } from '../../deps.ts'
import { updateAddress } from '../update-address.ts'
import { toAddressChanges, toDefaults, UpdateAddressBody } from './address-fields.ts'
import { AddressIdParam, CustomerAddressWithMessage, toCustomerAddressView } from './address-view.ts'

const route = createRoute({
  method: 'patch',
  path: '/api/users/addresses/{id}',
  operationId: 'updateAddress',
  tags: ['Users'],
  summary: 'Change an address of the address book',
  description: 'Orders keep the address that they were placed with.',
  access: SIGNED_IN,
  request: {
    params: z.object({ id: AddressIdParam }),
    headers: z.object({ 'if-match': IfMatchHeader }),
    body: jsonBody(UpdateAddressBody),
  },
  responses: {
    200: json('The address as it is now', CustomerAddressWithMessage),
    ...problems(...BODY_PROBLEMS, 'address_not_found', 'invalid_address', 'version_conflict'),
  },
})

export function addUpdateAddress(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const versions = expectedVersions(c)
    if (!versions.ok) return problem(c, versions.failure)
    const body = c.req.valid('json')
    const change = { changes: toAddressChanges(body), defaults: toDefaults(body), versions: versions.value }
    const result = await updateAddress(c.get('deps'), c.get('caller'), { ...c.req.valid('param'), ...change })
    if (!result.ok) return problem(c, result.failure)
    versioned(c, result.value.version)
    return c.json({ address: toCustomerAddressView(result.value), message: 'Address updated' }, 200)
  })
}
