import { scope } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { CursorParam, LimitParam, NextCursor } from '@shop/kernel/pagination'
import { z } from 'zod'
import { UserIdParam } from '../../accounts/routes/user-view.ts'
import type { UsersApp } from '../../deps.ts'
import { listCustomerNotes } from '../list-customer-notes.ts'
import { CustomerNoteView, toCustomerNoteView } from './customer-note-view.ts'

const CustomerNotePage = z
  .strictObject({ notes: z.array(CustomerNoteView), next_cursor: NextCursor })
  .meta({ id: 'CustomerNotePage' })

const route = createRoute({
  method: 'get',
  path: '/api/users/{id}/notes',
  operationId: 'listCustomerNotes',
  tags: ['Users'],
  summary: 'List the notes about a customer, newest first (staff)',
  access: scope('customers:read'),
  request: { params: z.object({ id: UserIdParam }), query: z.object({ limit: LimitParam, cursor: CursorParam }) },
  responses: { 200: json('A page of notes', CustomerNotePage), ...problems('user_not_found', 'invalid_cursor') },
})

export function addListCustomerNotes(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const request = { userId: c.req.valid('param').id, ...c.req.valid('query') }
    const page = await listCustomerNotes(c.get('deps'), c.get('caller'), request)
    if (!page.ok) return problem(c, page.failure)
    return c.json({ notes: page.value.items.map(toCustomerNoteView), next_cursor: page.value.nextCursor }, 200)
  })
}
