import type { Caller, Role } from '@shop/kernel/caller'
import type { Invitation } from '../../src/staff/domain/invitation.ts'
import { NOW, PROOF, unique } from './people.ts'

export const callerWith = (role: Role): Caller => ({ kind: 'user', userId: 'user_admin', role, proof: PROOF })
export const ADMIN = callerWith('admin')
export const KEY: Caller = { kind: 'key', keyId: 'key_1', scopes: ['orders:read'] }

export const IN_3_DAYS = new Date('2026-11-26T10:00:00.000Z')

export function newInvitation(over: Partial<Invitation> = {}): Invitation {
  return {
    id: `invite_${unique()}`,
    email: `${unique()}@example.com`,
    role: 'support',
    invitedBy: 'user_admin',
    createdAt: NOW,
    expiresAt: IN_3_DAYS,
    acceptedAt: null,
    revokedAt: null,
    ...over,
  }
}
