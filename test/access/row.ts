import type { RequestOptions } from '@shop/testing/client'

export const ROLES = ['anonymous', 'customer', 'stranger', 'admin'] as const
export type Role = (typeof ROLES)[number]
export type Call = { path: string } & RequestOptions

/**
 * One operation: a call on fresh data of the customer, the status for each role, and the roles that see the address.
 */
export type Row = {
  call: () => Promise<Call>
  answers: Record<Role, number>
  shows?: Role[]
  /** Ends what the caller is signed in with, so it is called by an account of its own. */
  signsOut?: boolean
}
/** By the id of the operation. */
export type Rows = Record<string, Row>

export const same = (status: number) => ({ anonymous: status, customer: status, stranger: status, admin: status })
export const staffOnly = (status: number) => ({ anonymous: 401, customer: 403, stranger: 403, admin: status })
export const signedIn = (status: number) => ({ ...same(status), anonymous: 401 })
export const ownerOrStaff = (status: number) => ({ ...signedIn(status), stranger: 404 })
export const at =
  (path: string, options: RequestOptions = {}) =>
  async () => ({ path, ...options })
