import { ROLES } from '@shop/kernel/caller'
import { z } from 'zod'
import { FACTOR_TYPES } from '../users/factors.ts'
import { END_REASONS } from '../users/sessions.ts'
import type { EventDefinition } from './define.ts'

const recorded = {
  version: 1,
  payload: z.object({ userId: z.string(), role: z.enum(ROLES) }),
  key: 'userId',
  isPublic: true,
  consumers: [],
} as const satisfies EventDefinition

/** Ends in a mail: its consumer is that of mails. */
const mailed = { ...recorded, consumers: ['notifications'] } as const satisfies EventDefinition
const request = { ...mailed, isPublic: false } as const satisfies EventDefinition

/** Never public: that somebody has a second factor, or lost one, helps only who attacks them. */
const factor = {
  version: 1,
  payload: z.object({ userId: z.string(), factorId: z.string(), type: z.enum(FACTOR_TYPES) }),
  key: 'factorId',
  isPublic: false,
  consumers: ['notifications'],
} as const satisfies EventDefinition

/** `sequence` is the version of the group. */
const group = {
  version: 1,
  payload: z.object({ groupId: z.string() }),
  key: 'groupId',
  isPublic: true,
  consumers: [],
} as const satisfies EventDefinition
const members = z.array(z.string())

export const USERS_EVENTS = {
  'customer.registered': recorded,
  /** The customer, or staff, changed the account, such as its role; the payload does not say what. */
  'customer.updated': recorded,
  /** Mails to the address reach the customer: by a link, by a reset of the password, or after a change of the address. */
  'customer.email_verified': { ...recorded, consumers: ['orders'] },
  /** The account was deleted. Every service that keeps something about the person erases it. */
  'customer.erased': {
    ...recorded,
    payload: z.object({ userId: z.string() }),
    consumers: ['orders', 'payments'],
  },
  'customer.email_changed': mailed,
  'customer.password_changed': mailed,
  /** Requests of mails with a token, which notifications reads by `accountMails`. `sequence` counts those of their kind. */
  'customer.verification_requested': request,
  'customer.password_reset_requested': request,
  'customer.email_change_requested': request,
  /** The mail has a link, which users derives when asked. */
  'staff.invited': {
    ...request,
    payload: z.object({ invitationId: z.string(), role: z.enum(ROLES) }),
    key: 'invitationId',
  },
  /** A session ended before its time: the user's revocation object must learn of it. */
  'session.ended': {
    version: 1,
    payload: z.object({ userId: z.string(), sessionId: z.string(), reason: z.enum(END_REASONS) }),
    key: 'sessionId',
    isPublic: false,
    consumers: ['users_revocations'],
  },
  'factor.added': factor,
  'factor.removed': factor,
  'customer_group.created': { ...group, consumers: ['orders'] },
  /** Its name or metadata changed. */
  'customer_group.updated': group,
  /** Nobody is in it any more. The members have no events of their own. */
  'customer_group.deleted': { ...group, consumers: ['orders'] },
  /** The accounts that joined or left, none of them in both lists. An account that is erased leaves without this event. */
  'customer_group.members_changed': {
    ...group,
    payload: group.payload.extend({ added: members, removed: members }),
    consumers: ['orders'],
  },
} as const satisfies Record<string, EventDefinition>
