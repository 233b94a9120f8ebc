import { ROLES } from '@shop/kernel/caller'
import { z } from 'zod'
import { FACTOR_TYPES } from '../users/factors.ts'
import type { EventDefinition } from './define.ts'

const told = {
  version: 1,
  payload: z.object({ userId: z.string(), role: z.enum(ROLES) }),
  key: 'userId',
  isPublic: true,
  consumers: [],
} as const satisfies EventDefinition

/** Never public: that somebody has a second factor, or lost one, helps only who attacks them. */
const factor = {
  version: 1,
  payload: z.object({ userId: z.string(), factorId: z.string(), type: z.enum(FACTOR_TYPES) }),
  key: 'factorId',
  isPublic: false,
  consumers: [],
} as const satisfies EventDefinition

export const USERS_EVENTS = {
  'customer.registered': told,
  /** Staff changed what they keep with the account; the payload does not have it. */
  'customer.updated': told,
  'factor.added': factor,
  'factor.removed': factor,
} as const satisfies Record<string, EventDefinition>
