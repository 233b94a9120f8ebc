import { covers } from '@shop/kernel/access'
import { ROLES, type Role } from '@shop/kernel/caller'
import { ROLE_SCOPES } from '@shop/kernel/roles'

/** Whether staff of the first role may give or take away the second: nobody grants more than they have. */
export function mayGrant(granter: Role, granted: Role): boolean {
  return ROLE_SCOPES[granter].has('staff:write') && covers(ROLE_SCOPES[granter], ROLE_SCOPES[granted])
}

/** Every pair of roles of which the first may grant the second, for a statement that must not trust an earlier read. */
export const GRANTS: readonly { granter: Role; granted: Role }[] = ROLES.flatMap((granter) =>
  ROLES.filter((granted) => mayGrant(granter, granted)).map((granted) => ({ granter, granted })),
)
