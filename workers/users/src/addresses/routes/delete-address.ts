import { SIGNED_IN } from '@shop/http/access'
import { expectedVersions } from '@shop/http/conditional'
import { MessageResponse } from '@shop/http/message'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { IfMatchHeader } from '@shop/kernel/versions'
import { z } from 'zod'
import type { UsersApp } from '../../deps.ts'
import { deleteAddress } from '../delete-address.ts'
import { AddressIdParam } from './address-view.ts'

const route = createRoute({
  method: 'delete',
  path: '/api/users/addresses/{id}',
  operationId: 'deleteAddress',
  tags: ['Users'],
  summary: 'Delete an address of the address book',
  description: 'Where it was a default, the oldest of the others becomes it.',
  access: SIGNED_IN,
  request: { params: z.object({ id: AddressIdParam }), headers: z.object({ 'if-match': IfMatchHeader }) },
  responses: {
    200: json('The address was deleted', MessageResponse),
    ...problems('validation_failed', 'address_not_found', 'version_conflict'),
  },
})

export function addDeleteAddress(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const versions = expectedVersions(c)
    if (!versions.ok) return problem(c, versions.failure)
    const request = { ...c.req.valid('param'), versions: versions.value }
    const result = await deleteAddress(c.get('deps'), c.get('caller'), request)
    return result.ok ? c.json({ message: 'Address deleted' }, 200) : problem(c, result.failure)
  })
}
