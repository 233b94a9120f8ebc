/**
 * What staff and API keys may do, by scope: `<resource>:read`, `<resource>:write`, or a verb that is granted by itself because it
 * moves money or goods. A scope implies no other one. What a customer may do with what is theirs needs none.
 *
 * The texts are shown in the description of the API.
 */
export const SCOPES = {
  'products:read': 'See drafts, archived products, all prices and metadata of the catalogue; past all caches',
  'products:write': 'Change products, variants, categories, collections and attributes',
  'inventory:read': 'See movements of stock and what is low',
  'inventory:write': 'Adjust stock, and audit its projection',
  'orders:read': 'See all orders with their history and metadata',
  'orders:write': 'Edit orders before they ship, which refunds what an edit takes off, and change their metadata',
  'orders:cancel': 'Cancel an order until it is shipped, which refunds its money',
  'orders:fulfill': 'Ship and deliver orders',
  'orders:return':
    'Approve, refuse, receive and close returns, and exchange what came back, which refunds the difference',
  'orders:refund': 'Refund payments of orders',
  'carts:read': 'See the carts of others',
  'payments:read': 'See all payments, refunds, disputes, discrepancies, events of Stripe and the ledger',
  'payments:write': 'Start payments of orders of others, and compare all of them with Stripe',
  'payments:capture': 'Capture authorized payments',
  'promotions:read': 'See promotions and their codes',
  'promotions:write': 'Change promotions and make codes',
  'gift_cards:read': 'See gift cards with their balances and entries, without their codes',
  'gift_cards:write': 'Issue gift cards, change and void them',
  'shipping:read': 'See shipping zones and options',
  'shipping:write': 'Change shipping zones and options',
  'taxes:read': 'See tax rates, countries and exemptions',
  'taxes:write': 'Change tax rates, countries and exemptions',
  'reports:read': 'See reports of sales',
  'customers:read': 'See accounts of customers with their metadata, groups and notes of staff',
  'customers:write': 'Change metadata, groups and notes of customers',
  'customers:erase': 'Erase accounts for good, with all that the shop knows of the person',
  'email_templates:read': 'See templates of mails, with their drafts',
  'email_templates:write': 'Change, publish and revert templates of mails',
  'webhooks:read': 'See webhook endpoints, without their secrets, and what was sent to them',
  'webhooks:write': 'Change webhook endpoints and their secrets, and send events to them again',
  'events:read': 'See events of all services and their deliveries',
  'events:write': 'Retry, skip and replay deliveries',
  'staff:read': 'See invitations of staff',
  'staff:write': 'Invite staff and change roles, up to what the caller may do',
  'audit:read': 'See who of the staff wrote what',
  'api_keys:read': 'See API keys, without their secrets',
  'api_keys:write': 'Make API keys, up to what the caller may do, and revoke them',
} as const

export type Scope = keyof typeof SCOPES

export const isScope = (text: string): text is Scope => Object.hasOwn(SCOPES, text)

export const ALL_SCOPES: readonly Scope[] = Object.keys(SCOPES).filter(isScope)

const FOR_PEOPLE_ONLY: readonly Scope[] = ['staff:write', 'api_keys:write', 'customers:erase']

/** What an API key may have: a leaked one must not make staff or further keys, nor erase anybody. */
export const KEY_SCOPES: readonly Scope[] = ALL_SCOPES.filter((scope) => !FOR_PEOPLE_ONLY.includes(scope))
