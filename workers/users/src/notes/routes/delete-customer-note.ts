import { scope } from '@shop/http/access'
import { MessageResponse } from '@shop/http/message'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { z } from 'zod'
import { UserIdParam } from '../../accounts/routes/user-view.ts'
import type { UsersApp } from '../../deps.ts'
import { deleteCustomerNote } from '../delete-customer-note.ts'
import { CustomerNoteIdParam } from './customer-note-view.ts'

const route = createRoute({
  method: 'delete',
  path: '/api/users/{id}/notes/{note_id}',
  operationId: 'deleteCustomerNote',
  tags: ['Users'],
  summary: 'Delete a note about a customer (staff)',
  access: scope('customers:write'),
  request: { params: z.object({ id: UserIdParam, note_id: CustomerNoteIdParam }) },
  responses: { 200: json('The note was deleted', MessageResponse), ...problems('customer_note_not_found') },
})

export function addDeleteCustomerNote(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const { id: userId, note_id: noteId } = c.req.valid('param')
    const deleted = await deleteCustomerNote(c.get('deps'), c.get('caller'), { userId, noteId })
    return deleted.ok ? c.json({ message: 'Note deleted' }, 200) : problem(c, deleted.failure)
  })
}
