import { describeLimits, LIMITS } from '@shop/contracts/limits'
import { EXPORTED_AT_MOST } from '@shop/contracts/users/export'
import { describeAccess, SIGNED_IN, securityOf } from '@shop/http/access'

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
})
const listOf = (schema: string) => ({ type: 'array', items: { $ref: `#/components/schemas/${schema}` } })
const shortened = (items: unknown) => ({
  type: 'object',
  required: ['items', 'more'],
  properties: {
    items,
    more: { type: 'boolean', description: 'Whether there are older ones, which the lists of the API show' },
  },
})
const object = (properties: Record<string, unknown>) => ({
  type: 'object',
  required: Object.keys(properties),
  properties,
})
const text = { type: 'string' }
const orNothing = (schema: object) => ({ anyOf: [schema, { type: 'null' }] })
const instant = { type: 'string', format: 'date-time' }

const cart = object({
  id: text,
  status: text,
  currency: text,
  items: {
    type: 'array',
    items: object({
      variant_id: { type: 'integer' },
      product_id: { type: 'integer' },
      name: text,
      quantity: { type: 'integer' },
    }),
  },
  codes: { type: 'array', items: text },
  email: orNothing(text),
  shipping_address: {},
  billing_address: {},
  vat_id: orNothing(text),
  note: orNothing(text),
  created_at: instant,
  updated_at: instant,
})
const mail = object({ template: text, status: text, created_at: instant })

export const ACCOUNT_EXPORT_SCHEMA = object({
  format_version: { type: 'integer', const: 1 },
  exported_at: instant,
  account: { $ref: '#/components/schemas/UserRecord' },
  addresses: listOf('CustomerAddress'),
  sessions: shortened(listOf('ListedSession')),
  factors: listOf('Factor'),
  api_keys: listOf('ApiKey'),
  customer_groups: { type: 'array', items: object({ id: text, name: text }) },
  notes: shortened({ type: 'array', items: object({ text, created_at: instant }) }),
  orders: shortened(listOf('Order')),
  invoices: listOf('Invoice'),
  returns: listOf('Return'),
  carts: { type: 'array', items: cart },
  gift_cards: shortened(listOf('GiftCard')),
  payments: shortened(listOf('Payment')),
  refunds: listOf('Refund'),
  saved_payment_methods: listOf('SavedPaymentMethod'),
  mails: shortened({ type: 'array', items: mail }),
  mail_suppression: {
    type: ['string', 'null'],
    description: 'Why the address gets no mail',
    enum: ['bounced', 'complained', null],
  },
})

/** The export of an account, which the gateway gathers from all workers. */
export const EXPORT_OPERATION = {
  operationId: 'exportAccount',
  tags: ['Users'],
  security: securityOf(SIGNED_IN),
  'x-access': describeAccess(SIGNED_IN),
  summary: 'Export everything that the shop knows of the account that is signed in',
  description:
    'All that the API shows of the account, its orders, gift cards, carts, payments and mails, and also what staff keep about it: metadata, ' +
    'customer groups and notes. It has no secrets, and not the contents of mails. Of orders, gift cards, payments, mails, sessions and ' +
    `notes it has the newest ${EXPORTED_AT_MOST}. Needs a sign-in or a step-up within the last ten minutes. ` +
    describeLimits(LIMITS.dataExport),
  responses: {
    200: {
      description: 'The export',
      content: { 'application/json': { schema: { $ref: '#/components/schemas/AccountExport' } } },
    },
    400: problem('`malformed_request`: The request cannot be read'),
    401: problem('`authentication_required`: Sign in first; `invalid_token`: The access token is not valid'),
    403: problem(
      '`forbidden`: Not allowed; `step_up_required`: Prove again who you are; `factor_required`: Staff of this shop need a second ' +
        'factor: add one first',
    ),
    422: problem('`validation_failed`: The request is not valid'),
    429: problem('`rate_limited`: Too many requests'),
    500: problem('`internal_error`: Something went wrong on our side'),
    503: problem('`service_unavailable`: Temporarily unavailable'),
  },
}
