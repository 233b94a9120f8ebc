import { scope } from '@shop/http/access'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { KeyHeader, markReplayed } from '@shop/kernel/idempotency'
import { z } from 'zod'
import { UserIdParam } from '../../accounts/routes/user-view.ts'
import type { UsersApp } from '../../deps.ts'
import { createCustomerNote } from '../create-customer-note.ts'
import { CreateCustomerNoteBody, CustomerNoteView, toCustomerNoteView } from './customer-note-view.ts'

const CustomerNoteWithMessage = z
  .strictObject({ note: CustomerNoteView, message: z.string().meta({ example: 'Note created' }) })
  .meta({ id: 'CustomerNoteWithMessage' })

const route = createRoute({
  method: 'post',
  path: '/api/users/{id}/notes',
  operationId: 'createCustomerNote',
  tags: ['Users'],
  summary: 'Write a note about a customer (staff)',
  description:
    'The customer reads it only in the export of their account, without its author. It is erased with the account.',
  access: scope('customers:write'),
  request: {
    params: z.object({ id: UserIdParam }),
    headers: z.object(KeyHeader),
    body: jsonBody(CreateCustomerNoteBody),
  },
  responses: {
    201: json('The note', CustomerNoteWithMessage),
    ...problems(...BODY_PROBLEMS, 'user_not_found', 'idempotency_key_reused', 'created_and_deleted'),
  },
})

export function addCreateCustomerNote(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const request = { userId: c.req.valid('param').id, ...c.req.valid('json') }
    const key = c.req.valid('header')['idempotency-key']
    const created = await createCustomerNote(c.get('deps'), c.get('caller'), request, key)
    if (!created.ok) return problem(c, created.failure)
    const { value, replayed } = created.value
    return markReplayed(c.json({ note: toCustomerNoteView(value), message: 'Note created' }, 201), replayed)
  })
}
