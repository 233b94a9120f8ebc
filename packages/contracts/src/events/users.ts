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

/** Somebody gets a mail, whose address and token users tells when it is sent: `accountMails` of `UsersRpc`. */
const mailed = {
  version: 1,
  payload: z.object({ userId: z.string() }),
  key: 'userId',
  isPublic: false,
  consumers: ['notifications'],
} as const satisfies EventDefinition

export const USERS_EVENTS = {
  'customer.registered': told,
  /** Staff changed what they keep with the account; the payload does not have it. */
  'customer.updated': told,
  'customer.verification_requested': mailed,
  'customer.password_reset_requested': mailed,
  /** The mail goes to the new address. */
  'customer.email_change_requested': mailed,
  /** The mail goes to the old address. */
  'customer.email_changed': mailed,
  'customer.password_changed': mailed,
  'staff.invited': { ...mailed, payload: z.object({ invitationId: z.string() }), key: 'invitationId' },
} as const satisfies Record<string, EventDefinition>
