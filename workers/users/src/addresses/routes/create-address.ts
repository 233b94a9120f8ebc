import { SIGNED_IN } from '@shop/http/access'
import { versioned } from '@shop/http/conditional'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { KeyHeader, markReplayed } from '@shop/kernel/idempotency'
import { z } from 'zod'
import type { UsersApp } from '../../deps.ts'
import { createAddress } from '../create-address.ts'
import { CreateAddressBody, toDefaults } from './address-fields.ts'
import { CustomerAddressWithMessage, toCustomerAddressView } from './address-view.ts'

const route = createRoute({
  method: 'post',
  path: '/api/users/addresses',
  operationId: 'createAddress',
  tags: ['Users'],
  summary: 'Add an address to the address book',
  access: SIGNED_IN,
  request: { headers: z.object(KeyHeader), body: jsonBody(CreateAddressBody) },
  responses: {
    201: json('The address', CustomerAddressWithMessage),
    ...problems(
      ...BODY_PROBLEMS,
      'invalid_address',
      'too_many_addresses',
      'idempotency_key_reused',
      'created_and_deleted',
    ),
  },
})

export function addCreateAddress(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const { is_default_shipping, is_default_billing, ...address } = c.req.valid('json')
    const request = { address, defaults: toDefaults({ is_default_shipping, is_default_billing }) }
    const key = c.req.valid('header')['idempotency-key']
    const result = await createAddress(c.get('deps'), c.get('caller'), request, key)
    if (!result.ok) return problem(c, result.failure)
    const { value, replayed } = result.value
    versioned(c, value.version)
    return markReplayed(c.json({ address: toCustomerAddressView(value), message: 'Address created' }, 201), replayed)
  })
}
