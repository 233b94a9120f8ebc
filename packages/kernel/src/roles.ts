import { ROLES, type Role } from './caller.ts'
import { ALL_SCOPES, type Scope } from './scopes.ts'

const SUPPORT: readonly Scope[] = [
  'products:read',
  'inventory:read',
  'orders:read',
  'orders:write',
  'orders:cancel',
  'orders:return',
  'carts:read',
  'gift_cards:read',
  'payments:read',
  'promotions:read',
  'shipping:read',
  'customers:read',
  'customers:write',
]

const CATALOG_MANAGER: readonly Scope[] = [
  'products:read',
  'products:write',
  'inventory:read',
  'inventory:write',
  'promotions:read',
  'promotions:write',
]

const FULFILLMENT: readonly Scope[] = [
  'products:read',
  'inventory:read',
  'inventory:write',
  'orders:read',
  'orders:fulfill',
  'orders:return',
  'shipping:read',
  'shipping:write',
]

const FINANCE: readonly Scope[] = [
  'orders:read',
  'orders:refund',
  'payments:read',
  'payments:write',
  'payments:capture',
  'gift_cards:read',
  'gift_cards:write',
  'promotions:read',
  'taxes:read',
  'taxes:write',
  'reports:read',
  'customers:read',
]

/**
 * The scopes of each role. A token carries the role alone, so that a change here applies at once. Staff are customers too: they
 * have their own profile, carts and orders.
 */
export const ROLE_SCOPES: Readonly<Record<Role, ReadonlySet<Scope>>> = {
  customer: new Set(),
  support: new Set(SUPPORT),
  catalog_manager: new Set(CATALOG_MANAGER),
  fulfillment: new Set(FULFILLMENT),
  finance: new Set(FINANCE),
  admin: new Set(ALL_SCOPES),
}

export const rolesWith = (scope: Scope): Role[] => ROLES.filter((role) => ROLE_SCOPES[role].has(scope))
