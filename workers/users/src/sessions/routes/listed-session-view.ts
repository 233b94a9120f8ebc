import { opaqueId } from '@shop/kernel/ids'
import { Instant } from '@shop/kernel/text'
import { z } from 'zod'
import type { ListedSession } from '../list-sessions.ts'

export const SessionIdParam = opaqueId('session_01jd4k2v9rf0fv8z3x1m5q7w2e')

export const ListedSessionView = z
  .strictObject({
    id: SessionIdParam,
    device: z
      .string()
      .nullable()
      .meta({ description: 'As the client described itself', example: 'Firefox on Windows' }),
    place: z.string().nullable().meta({ description: 'Of the sign-in, roughly', example: 'Berlin, DE' }),
    current: z.boolean().meta({ description: 'Whether it is the session of this request' }),
    created_at: Instant,
    last_seen_at: Instant.meta({ description: 'When it was last refreshed' }),
    expires_at: Instant,
  })
  .meta({ id: 'ListedSession' })

export function toListedSessionView(session: ListedSession): z.infer<typeof ListedSessionView> {
  return {
    id: session.id,
    device: session.device ?? null,
    place: session.place ?? null,
    current: session.isCurrent,
    created_at: session.createdAt.toISOString(),
    last_seen_at: session.lastSeenAt.toISOString(),
    expires_at: session.expiresAt.toISOString(),
  }
}
