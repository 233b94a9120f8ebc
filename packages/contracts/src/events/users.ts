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
  /** Staff changed what they keep with the account; the payload does not have it. */
  'customer.updated': told,
} as const satisfies Record<string, EventDefinition>
