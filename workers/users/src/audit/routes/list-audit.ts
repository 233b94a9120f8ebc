import { scope } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { ROLES } from '@shop/kernel/caller'
import { opaqueId } from '@shop/kernel/ids'
import { CursorParam, LimitParam, NextCursor } from '@shop/kernel/pagination'
import { filterText, Instant, InstantField } from '@shop/kernel/text'
import { z } from 'zod'
import type { UsersApp } from '../../deps.ts'
import type { AuditEntry } from '../domain/audit-entry.ts'
import { listAudit } from '../list-audit.ts'

const AuditEntryView = z
  .strictObject({
    id: opaqueId('audit_01jd4k2v9rf0fv8z3x1m5q7w2e'),
    at: Instant,
    actor_id: z
      .string()
      .meta({ description: 'The account, or the API key', example: 'user_01jd4k2v9rf0fv8z3x1m5q7w2e' }),
    role: z.enum(ROLES).nullable().meta({ description: 'Null for an API key', example: 'finance' }),
    method: z.string().meta({ example: 'POST' }),
    operation: z
      .string()
      .nullable()
      .meta({ description: 'Null where there is no such operation', example: 'refundPayment' }),
    path: z.string().nullable().meta({ example: '/api/payments/{id}/refund' }),
    resource_id: z
      .string()
      .nullable()
      .meta({ description: 'The last id in the path', example: 'pay_01jd4k2v9rf0fv8z3x1m5q7w2e' }),
    created_id: z.string().nullable().meta({
      description: 'The id of what the write created; null where it created nothing',
      example: 'refund_01jd4k2v9rf0fv8z3x1m5q7w2e',
    }),
    request_id: z.string().meta({ example: '0c8e5a52-6f0c-4a0c-9a57-1f3c1f5e7a11' }),
    status: z.int().nullable().meta({
      description:
        'How it was answered. Null while it is under way, or where the answer was lost: it may have been made',
      example: 201,
    }),
  })
  .meta({ id: 'AuditEntry' })

const AuditPage = z
  .strictObject({ audit_entries: z.array(AuditEntryView), next_cursor: NextCursor })
  .meta({ id: 'AuditPage' })

const ListAuditQuery = z.object({
  actor_id: filterText(100).meta({ description: 'Only writes by this account or API key' }),
  operation: filterText(100).meta({ description: 'Only writes by this operation', example: 'refundPayment' }),
  resource_id: filterText(100).meta({
    description: 'Only writes whose path has this id, and the write that created it',
  }),
  from: InstantField.optional().meta({ description: 'The first instant', example: '2026-12-01T00:00:00Z' }),
  to: InstantField.optional().meta({ description: 'The instant after the last', example: '2026-12-02T00:00:00Z' }),
  limit: LimitParam,
  cursor: CursorParam,
})

const route = createRoute({
  method: 'get',
  path: '/api/audit',
  operationId: 'listAudit',
  tags: ['Staff'],
  summary: 'List what staff and API keys wrote, newest first (staff)',
  description:
    'Each write of a caller with any scope is recorded before it is made; if that fails, the write is refused with 503. Entries ' +
    'are never changed.',
  access: scope('audit:read'),
  request: { query: ListAuditQuery },
  responses: { 200: json('A page of writes', AuditPage), ...problems('invalid_cursor') },
})

export function addListAudit(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const { actor_id: actorId, resource_id: resourceId, ...query } = c.req.valid('query')
    const page = await listAudit(c.get('deps'), c.get('caller'), { actorId, resourceId, ...query })
    if (!page.ok) return problem(c, page.failure)
    return c.json({ audit_entries: page.value.items.map(toEntryView), next_cursor: page.value.nextCursor }, 200)
  })
}

function toEntryView({
  id,
  at,
  actorId,
  role,
  method,
  operation,
  path,
  resourceId,
  createdId,
  requestId,
  status,
}: AuditEntry) {
  return {
    ...{ id, at: at.toISOString(), actor_id: actorId, role, method, operation, path },
    ...{ resource_id: resourceId, created_id: createdId, request_id: requestId, status },
  }
}
