import { ROLES } from '@shop/kernel/caller'
import { z } from 'zod'
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
  /** Staff changed its role, or what they keep with the account, which the payload does not have. */
  'customer.updated': told,
  /** The mail has a link, which users derives when asked. */
  'staff.invited': {
    version: 1,
    payload: z.object({ invitationId: z.string(), role: z.enum(ROLES) }),
    key: 'invitationId',
    isPublic: false,
    consumers: [],
  },
} as const satisfies Record<string, EventDefinition>
