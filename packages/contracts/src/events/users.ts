import { ROLES } from '@shop/kernel/caller'
import { z } from 'zod'
import type { EventDefinition } from './define.ts'

export const USERS_EVENTS = {
  'customer.registered': {
    version: 1,
    payload: z.object({ userId: z.string(), role: z.enum(ROLES) }),
    key: 'userId',
    isPublic: true,
    consumers: [],
  },
} as const satisfies Record<string, EventDefinition>
