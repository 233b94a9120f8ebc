import { ROLES } from '@shop/kernel/caller'
import { z } from 'zod'
import { END_REASONS } from '../users/sessions.ts'
import type { EventDefinition } from './define.ts'

const told = {
  version: 1,
  payload: z.object({ userId: z.string(), role: z.enum(ROLES) }),
  key: 'userId',
  isPublic: true,
  consumers: [],
} as const satisfies EventDefinition

export const USERS_EVENTS = {
  'customer.registered': told,
  /** Staff changed what they keep with the account; the payload does not have it. */
  'customer.updated': told,
  /** A session ended before its time: the revocation object of the user is told. */
  'session.ended': {
    version: 1,
    payload: z.object({ userId: z.string(), sessionId: z.string(), reason: z.enum(END_REASONS) }),
    key: 'sessionId',
    isPublic: false,
    consumers: ['users_revocations'],
  },
} as const satisfies Record<string, EventDefinition>
