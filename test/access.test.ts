import { newId } from '@shop/http/ids'
import { describedOperations } from '@shop/testing/api-contract'
import type { RequestOptions } from '@shop/testing/client'
import type { OrderBody } from '@shop/testing/order-body'
import type { PaymentBody } from '@shop/testing/payment-bodies'
import { variantIdOf } from '@shop/testing/product-body'
import type { Account } from '@shop/testing/shop'
import { beforeAll, describe, expect, it } from 'vitest'
import { useSharedPlatform } from './support/use-platform.ts'

const stage = useSharedPlatform()

/** Only the owner and staff may read this text. It is part of the customer's order address. */
const SECRET = `secret address ${crypto.randomUUID()}`

let stranger: Account
beforeAll(async () => {
  stranger = await stage.shop.signUp()
})

const ROLES = ['anonymous', 'customer', 'stranger', 'admin'] as const
type Role = (typeof ROLES)[number]
type Call = { path: string } & RequestOptions

/**
 * One operation: a call on fresh data of the customer, the status for each role, and the roles that see the address.
 */
type Row = {
  call: () => Promise<Call>
  answers: Record<Role, number>
  shows?: Role[]
  /** Ends what the caller is signed in with, so it is called by an account of its own. */
  signsOut?: boolean
}

const same = (status: number) => ({ anonymous: status, customer: status, stranger: status, admin: status })
const staffOnly = (status: number) => ({ anonymous: 401, customer: 403, stranger: 403, admin: status })
const signedIn = (status: number) => ({ ...same(status), anonymous: 401 })
const ownerOrStaff = (status: number) => ({ ...signedIn(status), stranger: 404 })
const at =
  (path: string, options: RequestOptions = {}) =>
  async () => ({ path, ...options })

/** A further session of the customer. */
async function newSession(): Promise<string> {
  const { shop, customer } = stage
  const { email, password } = customer
  const { token } = (await shop.request('POST', '/api/users/login', { body: { email, password } })).body
  const { sessions } = (await shop.request('GET', '/api/users/sessions', { token })).body
  return sessions.find(({ current }) => current)?.id ?? ''
}

async function newOrder(): Promise<OrderBody> {
  const { shop, admin, customer } = stage
  const product = await shop.addProduct(admin)
  const body = { items: [{ product_id: product.id, quantity: 1 }], shipping_address: SECRET }
  return (await shop.request('POST', '/api/orders', { token: customer.token, body })).body.order
}

async function newPayment(): Promise<PaymentBody> {
  return (await stage.shop.pay(stage.customer, await newOrder())).body.payment
}

async function newPaidOrder(): Promise<OrderBody> {
  const { shop, customer } = stage
  const order = await newOrder()
  await shop.pay(customer, order, 'pm_card_visa')
  await shop.orderBecomes(customer, order.id, 'processing', 'paid')
  return order
}

/** A packed shipment. */
async function newShipment(): Promise<string> {
  const { shop, admin } = stage
  const { id, items } = await newPaidOrder()
  const body = { items: [{ line_id: items[0]?.id, quantity: 1 }], status: 'packed' }
  const headers = { 'idempotency-key': crypto.randomUUID() }
  const made = await shop.request('POST', `/api/orders/${id}/shipments`, { token: admin.token, body, headers })
  return made.body.shipment.id
}

/** A paid order of which everything has left. */
async function newShippedOrder(): Promise<OrderBody> {
  const { shop, admin } = stage
  const order = await newPaidOrder()
  await shop.request('PATCH', `/api/orders/${order.id}/status`, { token: admin.token, body: { status: 'shipped' } })
  return order
}

const returnOf = ({ items }: OrderBody) => ({ items: [{ line_id: items[0]?.id, quantity: 1, reason: 'unwanted' }] })

/** A return that the customer, or staff, have made. */
async function newReturn({ token } = stage.customer): Promise<{ id: string; order: OrderBody }> {
  const order = await newShippedOrder()
  const headers = { 'idempotency-key': crypto.randomUUID() }
  const request = { token, body: returnOf(order), headers }
  const made = await stage.shop.request('POST', `/api/orders/${order.id}/returns`, request)
  return { id: made.body.return.id, order }
}

/** A product of which these sizes are for sale, of S, M and L. */
async function newTee(...sizes: string[]) {
  const options = [{ name: 'size', values: ['S', 'M', 'L'] }]
  const variants = sizes.map((size) => ({ options: { size }, price: 20 }))
  return stage.shop.addProduct(stage.admin, { price: undefined, stock_quantity: undefined, options, variants })
}

const newProduct = async () => (await stage.shop.addProduct(stage.admin)).id
const newVariant = async () => (await stage.shop.addProduct(stage.admin)).variants[0]?.id

async function newCategory(): Promise<number> {
  const { shop, admin } = stage
  const body = { name: crypto.randomUUID() }
  return (await shop.request('POST', '/api/categories', { token: admin.token, body })).body.category.id
}

async function newCollection(): Promise<number> {
  const { shop, admin } = stage
  const body = { name: crypto.randomUUID() }
  return (await shop.request('POST', '/api/collections', { token: admin.token, body })).body.collection.id
}

/** An attribute that nobody has declared yet. */
const undeclared = () => ({ key: `a${crypto.randomUUID().replaceAll('-', '')}`, label: 'Material', type: 'text' })

async function newAttribute(): Promise<number> {
  const { shop, admin } = stage
  const body = undeclared()
  return (await shop.request('POST', '/api/attributes', { token: admin.token, body })).body.attribute.id
}

/** Creates something of what staff set up for shipping and tax, and returns its id. */
async function newPlace(path: string, member: 'zone' | 'option' | 'rate' | 'exemption', body: object): Promise<string> {
  const { shop, admin } = stage
  const created = await shop.request('POST', path, { token: admin.token, body })
  return created.body[member].id
}

const newZone = () => newPlace('/api/shipping/zones', 'zone', { name: 'California' })
const anOption = { name: 'Standard', pricing: 'flat', prices: [{ currency: 'USD', amount: 4.9 }] }
const newShippingOption = async () =>
  newPlace('/api/shipping/options', 'option', { ...anOption, zone_id: await newZone() })
const aRate = { name: 'VAT', country: 'DE', rate: '0.19' }
const newRate = () => newPlace('/api/tax/rates', 'rate', aRate)
const anExemption = () => ({ user_id: stage.customer.user.id, country: 'AQ', reason: 'Resale certificate' })

async function newPromotion(): Promise<string> {
  const { shop, admin } = stage
  const body = { name: 'Sale', type: 'free_shipping', code: crypto.randomUUID() }
  return (await shop.request('POST', '/api/promotions', { token: admin.token, body })).body.promotion.id
}

const anInvitation = () => ({ email: `${crypto.randomUUID()}@example.com`, role: 'support' })

async function newInvitation(): Promise<string> {
  const { shop, admin } = stage
  const body = anInvitation()
  return (await shop.request('POST', '/api/users/invitations', { token: admin.token, body })).body.invitation.id
}

async function newCustomerGroup(): Promise<string> {
  const { shop, admin } = stage
  const body = { name: crypto.randomUUID() }
  return (await shop.request('POST', '/api/customer-groups', { token: admin.token, body })).body.customer_group.id
}

/** A note about the customer, as the path that names it. */
async function newNote(): Promise<string> {
  const { shop, admin, customer } = stage
  const path = `/api/users/${customer.user.id}/notes`
  const { note } = (await shop.request('POST', path, { token: admin.token, body: { text: 'Calls often' } })).body
  return `${path}/${note.id}`
}

const A_KEY = { kind: 'secret', name: 'Warehouse', scopes: ['orders:read'] }

/** Nobody listens there. */
const AN_ENDPOINT = { url: 'http://127.0.0.1:9/', events: ['order.paid'] }

let endpoint: string | undefined
/** In place of the one before, since a shop has a limited number. */
async function newEndpoint(): Promise<string> {
  const { shop, admin } = stage
  const { token } = admin
  if (endpoint !== undefined) await shop.request('DELETE', `/api/webhook-endpoints/${endpoint}`, { token })
  const created = await shop.request('POST', '/api/webhook-endpoints', { token, body: AN_ENDPOINT })
  const { id }: { id: string } = created.body.webhook_endpoint
  endpoint = id
  return id
}

async function newApiKey(): Promise<string> {
  const { shop, admin } = stage
  return (await shop.request('POST', '/api/api-keys', { token: admin.token, body: A_KEY })).body.api_key.id
}

const newItem = async () => ({ product_id: await newProduct(), quantity: 1 })

/** In the address book of the customer. */
const ADDRESS = { line1: SECRET, city: 'Springfield', region: 'IL', postal_code: '62701', country: 'US' }
const entryOwnerOnly = { anonymous: 401, customer: 200, stranger: 404, admin: 404 }
const onAddress =
  (options: RequestOptions = {}) =>
  async () => {
    const { shop, customer } = stage
    const made = await shop.request('POST', '/api/users/addresses', { token: customer.token, body: ADDRESS })
    return { path: `/api/users/addresses/${made.body.address.id}`, ...options }
  }

/** A cart of the customer, whose note is the secret. */
async function newCart() {
  const { shop, customer } = stage
  const made = await shop.request('POST', '/api/carts', { token: customer.token, body: { items: [await newItem()] } })
  const path = `/api/carts/${made.body.cart.id}`
  return (await shop.request('PATCH', path, { token: customer.token, body: { note: SECRET } })).body.cart
}
const aGiftCard = () => ({
  body: { amount: 10, currency: 'USD' },
  headers: { 'idempotency-key': crypto.randomUUID() },
})
async function newGiftCard(): Promise<{ id: string; code: string }> {
  const { shop, admin } = stage
  return (await shop.request('POST', '/api/gift-cards', { token: admin.token, ...aGiftCard() })).body.gift_card
}
const onCart =
  (rest = '', options: RequestOptions = {}) =>
  async () => ({ path: `/api/carts/${(await newCart()).id}${rest}`, ...options })
const onCartItem =
  (options: RequestOptions = {}) =>
  async () => {
    const { id, items } = await newCart()
    return { path: `/api/carts/${id}/items/${items[0]?.id}`, ...options }
  }
/** An answer of a passkey that nobody has. */
const ofNoPasskey = (response: object) => ({
  id: 'AA',
  rawId: 'AA',
  type: 'public-key',
  response: { clientDataJSON: 'AA', ...response },
})

/** Without the token of a cart it is the same as where there is no cart. */
const ownerOnly = { anonymous: 404, customer: 200, stranger: 404, admin: 404 }

const MATRIX: Record<string, Row> = {
  showStart: { call: at('/'), answers: same(200) },
  showHealth: { call: at('/health'), answers: same(200) },
  showReadiness: { call: at('/health/ready'), answers: same(200) },
  showApiDescription: { call: at('/openapi.json'), answers: same(200) },
  listSigningKeys: { call: at('/.well-known/jwks.json'), answers: same(200) },
  registerUser: {
    call: async () => {
      const email = `${crypto.randomUUID()}@example.com`
      return { path: '/api/users/register', body: { email, password: 'a long enough passphrase' } }
    },
    answers: same(201),
  },
  loginUser: {
    call: async () => {
      const { email, password } = stage.customer
      return { path: '/api/users/login', body: { email, password } }
    },
    answers: same(200),
  },
  refreshSession: {
    call: async () => ({
      path: '/api/users/refresh',
      body: { refresh_token: (await stage.shop.signUp()).refreshToken },
    }),
    answers: same(200),
  },
  logoutUser: {
    call: async () => ({
      path: '/api/users/logout',
      body: { refresh_token: (await stage.shop.signUp()).refreshToken },
    }),
    answers: same(200),
  },
  logoutAll: {
    call: at('/api/users/logout-all'),
    answers: signedIn(200),
    signsOut: true,
  },
  listSessions: { call: at('/api/users/sessions'), answers: signedIn(200) },
  endSession: {
    call: async () => ({ path: `/api/users/sessions/${await newSession()}` }),
    answers: { ...signedIn(404), customer: 200 },
  },
  loginWithFactor: {
    call: at('/api/users/login/factor', { body: { mfa_token: 'none', code: '123456' } }),
    answers: same(401),
  },
  startPasskeyLogin: { call: at('/api/users/login/passkey/options', { body: {} }), answers: same(200) },
  loginWithPasskey: {
    call: at('/api/users/login/passkey', {
      body: { passkey: ofNoPasskey({ authenticatorData: 'AA', signature: 'AA' }) },
    }),
    answers: same(401),
  },
  startStepUp: { call: at('/api/users/step-up/options'), answers: signedIn(409) },
  stepUp: {
    call: at('/api/users/step-up', { body: { password: 'a long enough passphrase' } }),
    answers: signedIn(200),
  },
  listFactors: { call: at('/api/users/factors'), answers: signedIn(200) },
  enrolTotp: { call: at('/api/users/factors/totp', { body: {} }), answers: signedIn(201) },
  replaceRecoveryCodes: { call: at('/api/users/factors/recovery-codes'), answers: signedIn(409) },
  confirmTotp: {
    call: at('/api/users/factors/factor_none/confirm', { body: { code: '123456' } }),
    answers: signedIn(404),
  },
  removeFactor: { call: at('/api/users/factors/factor_none'), answers: signedIn(404) },
  startPasskey: { call: at('/api/users/passkeys/options'), answers: signedIn(200) },
  addPasskey: {
    call: at('/api/users/passkeys', { body: { passkey: ofNoPasskey({ attestationObject: 'AA' }) } }),
    answers: signedIn(403),
  },
  exportAccount: { call: at('/api/users/me/export'), answers: signedIn(200), shows: ['customer'] },
  eraseAccount: { call: at('/api/users/me'), answers: signedIn(200), signsOut: true },
  eraseCustomer: {
    call: async () => ({ path: `/api/users/${(await stage.shop.signUp()).user.id}` }),
    answers: staffOnly(200),
  },
  getProfile: { call: at('/api/users/profile'), answers: signedIn(200) },
  updateProfile: { call: at('/api/users/profile', { body: { locale: 'en' } }), answers: signedIn(200) },
  // Wrong passwords and tokens: what comes of right ones is tested with the recovery of accounts.
  changePassword: {
    call: at('/api/users/password', {
      body: { current_password: 'not the password', new_password: 'violet teapots sing at noon' },
    }),
    answers: signedIn(403),
  },
  changeEmail: {
    call: async () => ({
      path: '/api/users/email',
      body: { new_email: `${crypto.randomUUID()}@example.com`, password: 'not the password' },
    }),
    answers: signedIn(403),
  },
  requestOrderToken: {
    call: async () => ({
      path: '/api/orders/token',
      body: { order_id: (await newOrder()).id, email: `${crypto.randomUUID()}@example.com` },
    }),
    answers: same(202),
  },
  requestPasswordReset: {
    call: async () => ({
      path: '/api/users/password-reset',
      body: { email: `${crypto.randomUUID()}@example.com` },
    }),
    answers: same(202),
  },
  requestVerification: {
    call: async () => ({ path: '/api/users/verification', body: { email: `${crypto.randomUUID()}@example.com` } }),
    answers: same(202),
  },
  confirmPasswordReset: {
    call: at('/api/users/password-reset/confirm', {
      body: { token: 'unknown', new_password: 'violet teapots sing at noon' },
    }),
    answers: same(422),
  },
  confirmVerification: { call: at('/api/users/verification/confirm', { body: { token: 'x' } }), answers: same(422) },
  confirmEmail: { call: at('/api/users/email/confirm', { body: { token: 'x' } }), answers: same(422) },
  listAddresses: {
    call: async () => {
      await onAddress()()
      return { path: '/api/users/addresses' }
    },
    answers: signedIn(200),
    shows: ['customer'],
  },
  createAddress: {
    call: at('/api/users/addresses', { body: { ...ADDRESS, line1: '1 Main Street' } }),
    answers: signedIn(201),
  },
  getAddress: { call: onAddress(), answers: entryOwnerOnly, shows: ['customer'] },
  updateAddress: { call: onAddress({ body: { line2: 'Floor 3' } }), answers: entryOwnerOnly, shows: ['customer'] },
  deleteAddress: { call: onAddress(), answers: entryOwnerOnly },
  listUsers: { call: at('/api/users'), answers: staffOnly(200) },
  getUser: { call: async () => ({ path: `/api/users/${stage.customer.user.id}` }), answers: staffOnly(200) },
  getUserMetadata: {
    call: async () => ({ path: `/api/users/${stage.customer.user.id}/metadata` }),
    answers: staffOnly(200),
  },
  changeUserMetadata: {
    call: async () => ({ path: `/api/users/${stage.customer.user.id}/metadata`, body: { metadata: { note: 'x' } } }),
    answers: staffOnly(200),
  },
  listCustomerNotes: {
    call: async () => ({ path: `/api/users/${stage.customer.user.id}/notes` }),
    answers: staffOnly(200),
  },
  createCustomerNote: {
    call: async () => ({ path: `/api/users/${stage.customer.user.id}/notes`, body: { text: 'Calls often' } }),
    answers: staffOnly(201),
  },
  deleteCustomerNote: { call: async () => ({ path: await newNote() }), answers: staffOnly(200) },
  createCustomerGroup: {
    call: async () => ({ path: '/api/customer-groups', body: { name: crypto.randomUUID() } }),
    answers: staffOnly(201),
  },
  listCustomerGroups: { call: at('/api/customer-groups'), answers: staffOnly(200) },
  getCustomerGroup: {
    call: async () => ({ path: `/api/customer-groups/${await newCustomerGroup()}` }),
    answers: staffOnly(200),
  },
  updateCustomerGroup: {
    call: async () => ({ path: `/api/customer-groups/${await newCustomerGroup()}`, body: { metadata: { tier: '1' } } }),
    answers: staffOnly(200),
  },
  deleteCustomerGroup: {
    call: async () => ({ path: `/api/customer-groups/${await newCustomerGroup()}` }),
    answers: staffOnly(200),
  },
  changeGroupCustomers: {
    call: async () => ({
      path: `/api/customer-groups/${await newCustomerGroup()}/customers`,
      body: { add: [stage.customer.user.id] },
    }),
    answers: staffOnly(200),
  },
  listGroupCustomers: {
    call: async () => ({ path: `/api/customer-groups/${await newCustomerGroup()}/customers` }),
    answers: staffOnly(200),
  },
  inviteStaff: {
    call: async () => ({ path: '/api/users/invitations', body: anInvitation() }),
    answers: staffOnly(201),
  },
  listInvitations: { call: at('/api/users/invitations'), answers: staffOnly(200) },
  revokeInvitation: {
    call: async () => ({ path: `/api/users/invitations/${await newInvitation()}` }),
    answers: staffOnly(200),
  },
  acceptInvitation: {
    call: at('/api/users/invitations/accept', {
      body: { token: 'a guess', name: 'Eve', password: 'a long enough passphrase' },
    }),
    answers: same(404),
  },
  changeRole: {
    call: async () => ({ path: `/api/users/${(await stage.shop.signUp()).user.id}/role`, body: { role: 'support' } }),
    answers: staffOnly(200),
  },
  resetFactors: {
    call: async () => ({ path: `/api/users/${(await stage.shop.signUp()).user.id}/factors` }),
    answers: staffOnly(200),
  },
  listAudit: { call: at('/api/audit'), answers: staffOnly(200) },
  createApiKey: { call: at('/api/api-keys', { body: A_KEY }), answers: staffOnly(201) },
  listApiKeys: { call: at('/api/api-keys'), answers: staffOnly(200) },
  revokeApiKey: { call: async () => ({ path: `/api/api-keys/${await newApiKey()}` }), answers: staffOnly(200) },
  listEvents: { call: at('/api/events/users'), answers: staffOnly(200) },
  replayEvents: {
    call: at('/api/events/users/replay', {
      body: { consumer: 'orders', from: '2026-11-23T10:00:00Z', to: '2026-11-23T11:00:00Z' },
    }),
    answers: staffOnly(200),
  },
  retryDelivery: { call: at('/api/events/users/1/retry', { body: { consumer: 'orders' } }), answers: staffOnly(404) },
  skipDelivery: { call: at('/api/events/users/1/skip', { body: { consumer: 'orders' } }), answers: staffOnly(404) },
  listProducts: { call: at('/api/products'), answers: same(200) },
  getProduct: { call: async () => ({ path: `/api/products/${await newProduct()}` }), answers: same(200) },
  createProduct: { call: at('/api/products', { body: { name: 'Mug', price: 1 } }), answers: staffOnly(201) },
  createProducts: {
    call: at('/api/products/bulk', { body: { products: [{ name: 'Mug', price: 1 }] } }),
    answers: staffOnly(200),
  },
  updateProduct: {
    call: async () => ({ path: `/api/products/${await newProduct()}`, body: { name: 'Cup' } }),
    answers: staffOnly(200),
  },
  patchProduct: {
    call: async () => ({ path: `/api/products/${await newProduct()}`, body: { name: 'Cup' } }),
    answers: staffOnly(200),
  },
  getProductBySlug: {
    call: async () => ({ path: `/api/products/by-slug/${(await stage.shop.addProduct(stage.admin)).slug}` }),
    answers: same(200),
  },
  listVariants: { call: at('/api/variants?sku=NONE'), answers: same(200) },
  createVariant: {
    call: async () => {
      const body = { options: { size: 'M' }, price: 1 }
      return { path: `/api/products/${(await newTee('S')).id}/variants`, body }
    },
    answers: staffOnly(201),
  },
  updateVariant: {
    call: async () => {
      const { id, variants } = await newTee('S')
      return { path: `/api/products/${id}/variants/${variants[0]?.id}`, body: { price: 21 } }
    },
    answers: staffOnly(200),
  },
  deleteVariant: {
    call: async () => {
      const { id, variants } = await newTee('S', 'M')
      return { path: `/api/products/${id}/variants/${variants[0]?.id}` }
    },
    answers: staffOnly(200),
  },
  deleteProduct: { call: async () => ({ path: `/api/products/${await newProduct()}` }), answers: staffOnly(200) },
  getShop: { call: at('/api/shop'), answers: same(200) },
  listCategories: { call: at('/api/categories'), answers: same(200) },
  getCategory: { call: async () => ({ path: `/api/categories/${await newCategory()}` }), answers: same(200) },
  createCategory: {
    call: async () => ({ path: '/api/categories', body: { name: crypto.randomUUID() } }),
    answers: staffOnly(201),
  },
  updateCategory: {
    call: async () => ({ path: `/api/categories/${await newCategory()}`, body: { position: 0 } }),
    answers: staffOnly(200),
  },
  deleteCategory: { call: async () => ({ path: `/api/categories/${await newCategory()}` }), answers: staffOnly(200) },
  listCollections: { call: at('/api/collections'), answers: same(200) },
  getCollection: { call: async () => ({ path: `/api/collections/${await newCollection()}` }), answers: same(200) },
  createCollection: { call: at('/api/collections', { body: { name: 'Summer' } }), answers: staffOnly(201) },
  updateCollection: {
    call: async () => ({ path: `/api/collections/${await newCollection()}`, body: { name: 'Winter' } }),
    answers: staffOnly(200),
  },
  setCollectionProducts: {
    call: async () => ({
      path: `/api/collections/${await newCollection()}/products`,
      body: { product_ids: [await newProduct()] },
    }),
    answers: staffOnly(200),
  },
  deleteCollection: {
    call: async () => ({ path: `/api/collections/${await newCollection()}` }),
    answers: staffOnly(200),
  },
  listAttributes: { call: at('/api/attributes'), answers: same(200) },
  createAttribute: { call: async () => ({ path: '/api/attributes', body: undeclared() }), answers: staffOnly(201) },
  updateAttribute: {
    call: async () => ({ path: `/api/attributes/${await newAttribute()}`, body: { label: 'Fabric' } }),
    answers: staffOnly(200),
  },
  deleteAttribute: { call: async () => ({ path: `/api/attributes/${await newAttribute()}` }), answers: staffOnly(200) },
  getInventory: { call: async () => ({ path: `/api/inventory/${await newProduct()}` }), answers: same(200) },
  listLowStock: { call: at('/api/inventory?low=true'), answers: staffOnly(200) },
  rebuildInventory: { call: at('/api/inventory/rebuild', { body: { limit: 1 } }), answers: staffOnly(200) },
  reconcileInventory: { call: at('/api/inventory/reconcile', { body: { limit: 1 } }), answers: staffOnly(200) },
  suggestSearch: { call: at('/api/search/suggest?q=mu'), answers: same(200) },
  getVariantInventory: {
    call: async () => ({ path: `/api/variants/${await newVariant()}/inventory` }),
    answers: same(200),
  },
  adjustVariantStock: {
    call: async () => ({
      path: `/api/variants/${await newVariant()}/inventory/adjust`,
      body: { delta: 1, reason: 'receive' },
      headers: { 'idempotency-key': crypto.randomUUID() },
    }),
    answers: staffOnly(200),
  },
  adjustStock: {
    call: async () => ({
      path: `/api/inventory/${await newProduct()}/adjust`,
      body: { delta: 1, reason: 'receive' },
      headers: { 'idempotency-key': crypto.randomUUID() },
    }),
    answers: staffOnly(200),
  },
  placeOrder: {
    call: async () => ({ path: '/api/orders', body: { items: [{ product_id: await newProduct(), quantity: 1 }] } }),
    answers: signedIn(201),
  },
  listOrders: {
    call: async () => {
      await newOrder()
      return { path: '/api/orders' }
    },
    answers: signedIn(200),
    shows: ['customer'],
  },
  getOrder: {
    call: async () => ({ path: `/api/orders/${(await newOrder()).id}` }),
    answers: ownerOrStaff(200),
    shows: ['customer', 'admin'],
  },
  listOrderEvents: {
    call: async () => ({ path: `/api/orders/${(await newOrder()).id}/events` }),
    answers: ownerOrStaff(200),
  },
  updateOrder: {
    call: async () => ({ path: `/api/orders/${(await newOrder()).id}`, body: { metadata: { note: 'x' } } }),
    answers: staffOnly(200),
    shows: ['admin'],
  },
  changeOrderStatus: {
    call: async () => ({ path: `/api/orders/${(await newOrder()).id}/status`, body: { status: 'cancelled' } }),
    answers: ownerOrStaff(200),
    shows: ['customer', 'admin'],
  },
  editOrder: {
    call: async () => {
      const { id, items } = await newOrder()
      const body = { items: [{ line_id: items[0]?.id, quantity: 1 }], preview: true }
      return { path: `/api/orders/${id}/edits`, body }
    },
    answers: staffOnly(200),
    shows: ['admin'],
  },
  exportOrders: { call: at('/api/orders.csv?number=1'), answers: staffOnly(200) },
  createShipment: {
    call: async () => {
      const { id, items } = await newPaidOrder()
      const body = { items: [{ line_id: items[0]?.id, quantity: 1 }] }
      return { path: `/api/orders/${id}/shipments`, body, headers: { 'idempotency-key': crypto.randomUUID() } }
    },
    answers: staffOnly(201),
  },
  listShipments: {
    call: async () => ({ path: `/api/orders/${(await newOrder()).id}/shipments` }),
    answers: ownerOrStaff(200),
  },
  updateShipment: {
    call: async () => ({ path: `/api/shipments/${await newShipment()}`, body: { carrier: 'DHL' } }),
    answers: staffOnly(200),
  },
  cancelShipment: {
    call: async () => ({ path: `/api/shipments/${await newShipment()}/cancel` }),
    answers: staffOnly(200),
  },
  listInvoices: {
    call: async () => ({ path: `/api/orders/${(await newPaidOrder()).id}/invoices` }),
    answers: ownerOrStaff(200),
  },
  printInvoice: {
    call: async () => ({ path: `/api/orders/${(await newPaidOrder()).id}/invoice.pdf` }),
    answers: ownerOrStaff(200),
  },
  printPackingSlip: {
    call: async () => ({ path: `/api/orders/${(await newOrder()).id}/packing-slip.pdf` }),
    answers: staffOnly(200),
  },
  createReturn: {
    call: async () => {
      const order = await newShippedOrder()
      const headers = { 'idempotency-key': crypto.randomUUID() }
      return { path: `/api/orders/${order.id}/returns`, body: returnOf(order), headers }
    },
    answers: ownerOrStaff(201),
  },
  listOrderReturns: {
    call: async () => ({ path: `/api/orders/${(await newOrder()).id}/returns` }),
    answers: ownerOrStaff(200),
  },
  listReturns: { call: at('/api/returns'), answers: staffOnly(200) },
  getReturn: { call: async () => ({ path: `/api/returns/${(await newReturn()).id}` }), answers: ownerOrStaff(200) },
  cancelReturn: {
    call: async () => ({ path: `/api/returns/${(await newReturn()).id}/cancel` }),
    answers: ownerOrStaff(200),
  },
  approveReturn: {
    call: async () => ({ path: `/api/returns/${(await newReturn()).id}/approve` }),
    answers: staffOnly(200),
  },
  refuseReturn: {
    call: async () => ({ path: `/api/returns/${(await newReturn()).id}/refuse`, body: { reason: 'It was worn' } }),
    answers: staffOnly(200),
  },
  receiveReturn: {
    call: async () => {
      const { id, order } = await newReturn(stage.admin)
      const body = { items: [{ line_id: order.items[0]?.id, quantity: 1, restock: true }] }
      return { path: `/api/returns/${id}/receive`, body, headers: { 'idempotency-key': crypto.randomUUID() } }
    },
    answers: staffOnly(200),
  },
  exchangeReturn: {
    call: async () => {
      const { id, order } = await newReturn(stage.admin)
      const [item] = order.items
      const received = { items: [{ line_id: item?.id, quantity: 1, restock: true }] }
      await stage.shop.request('POST', `/api/returns/${id}/receive`, {
        ...{ token: stage.admin.token, body: received, headers: { 'idempotency-key': crypto.randomUUID() } },
      })
      const body = { items: [{ variant_id: item?.variant_id, quantity: 1 }] }
      return { path: `/api/returns/${id}/exchange`, body, headers: { 'idempotency-key': crypto.randomUUID() } }
    },
    answers: staffOnly(201),
    shows: ['admin'],
  },
  closeReturn: {
    call: async () => ({ path: `/api/returns/${(await newReturn(stage.admin)).id}/close` }),
    answers: staffOnly(200),
  },
  createCart: { call: at('/api/carts', { body: {} }), answers: same(201) },
  getCart: { call: onCart(), answers: { ...ownerOnly, admin: 200 }, shows: ['customer', 'admin'] },
  getCurrentCart: {
    call: async () => {
      await newCart()
      const others = [stranger, stage.admin]
      await Promise.all(others.map(({ token }) => stage.shop.request('POST', '/api/carts', { token, body: {} })))
      return { path: '/api/carts/current' }
    },
    answers: signedIn(200),
    shows: ['customer'],
  },
  addCartGiftCard: {
    call: async () => onCart('/gift-cards', { body: { code: (await newGiftCard()).code } })(),
    answers: ownerOnly,
    shows: ['customer'],
  },
  removeCartGiftCard: {
    call: async () => {
      const [{ id }, card] = await Promise.all([newCart(), newGiftCard()])
      const { token } = stage.customer
      await stage.shop.request('POST', `/api/carts/${id}/gift-cards`, { token, body: { code: card.code } })
      return { path: `/api/carts/${id}/gift-cards/${card.id}` }
    },
    answers: ownerOnly,
    shows: ['customer'],
  },
  lookUpGiftCard: {
    call: async () => ({ path: '/api/gift-cards/lookup', body: { code: (await newGiftCard()).code } }),
    answers: same(200),
  },
  listGiftCards: { call: at('/api/gift-cards'), answers: staffOnly(200) },
  createGiftCard: {
    call: async () => ({ path: '/api/gift-cards', ...aGiftCard() }),
    answers: staffOnly(201),
  },
  getGiftCard: { call: async () => ({ path: `/api/gift-cards/${(await newGiftCard()).id}` }), answers: staffOnly(200) },
  updateGiftCard: {
    call: async () => ({ path: `/api/gift-cards/${(await newGiftCard()).id}`, body: { note: 'Lost' } }),
    answers: staffOnly(200),
  },
  voidGiftCard: {
    call: async () => ({ path: `/api/gift-cards/${(await newGiftCard()).id}/void` }),
    answers: staffOnly(200),
  },
  updateCart: { call: onCart('', { body: { codes: [] } }), answers: ownerOnly, shows: ['customer'] },
  deleteCart: { call: onCart(), answers: ownerOnly },
  addCartItem: {
    call: async () => onCart('/items', { body: await newItem() })(),
    answers: ownerOnly,
    shows: ['customer'],
  },
  updateCartItem: { call: onCartItem({ body: { quantity: 2 } }), answers: ownerOnly, shows: ['customer'] },
  removeCartItem: { call: onCartItem(), answers: ownerOnly, shows: ['customer'] },
  // Of guests: a cart with an owner has no token.
  mergeCart: { call: onCart('/merge'), answers: { ...same(404), anonymous: 401 } },
  completeCart: {
    call: onCart('/complete', { body: {} }),
    answers: { ...ownerOnly, customer: 201 },
    shows: ['customer'],
  },
  listShippingZones: { call: at('/api/shipping/zones'), answers: staffOnly(200) },
  getShippingZone: { call: async () => ({ path: `/api/shipping/zones/${await newZone()}` }), answers: staffOnly(200) },
  createShippingZone: { call: at('/api/shipping/zones', { body: { name: 'World' } }), answers: staffOnly(201) },
  updateShippingZone: {
    call: async () => ({ path: `/api/shipping/zones/${await newZone()}`, body: { name: 'World' } }),
    answers: staffOnly(200),
  },
  deleteShippingZone: {
    call: async () => ({ path: `/api/shipping/zones/${await newZone()}` }),
    answers: staffOnly(200),
  },
  listShippingOptions: { call: at('/api/shipping/options'), answers: staffOnly(200) },
  getShippingOption: {
    call: async () => ({ path: `/api/shipping/options/${await newShippingOption()}` }),
    answers: staffOnly(200),
  },
  createShippingOption: {
    call: async () => ({ path: '/api/shipping/options', body: { ...anOption, zone_id: await newZone() } }),
    answers: staffOnly(201),
  },
  updateShippingOption: {
    call: async () => ({ path: `/api/shipping/options/${await newShippingOption()}`, body: { name: 'Express' } }),
    answers: staffOnly(200),
  },
  deleteShippingOption: {
    call: async () => ({ path: `/api/shipping/options/${await newShippingOption()}` }),
    answers: staffOnly(200),
  },
  listTaxRates: { call: at('/api/tax/rates'), answers: staffOnly(200) },
  getTaxRate: { call: async () => ({ path: `/api/tax/rates/${await newRate()}` }), answers: staffOnly(200) },
  createTaxRate: { call: at('/api/tax/rates', { body: aRate }), answers: staffOnly(201) },
  updateTaxRate: {
    call: async () => ({ path: `/api/tax/rates/${await newRate()}`, body: { rate: '0.2' } }),
    answers: staffOnly(200),
  },
  deleteTaxRate: { call: async () => ({ path: `/api/tax/rates/${await newRate()}` }), answers: staffOnly(200) },
  listTaxCountries: { call: at('/api/tax/countries'), answers: staffOnly(200) },
  setTaxCountry: {
    call: at('/api/tax/countries/DE', { body: { prices_include_tax: true } }),
    answers: staffOnly(200),
  },
  deleteTaxCountry: { call: at('/api/tax/countries/AQ'), answers: staffOnly(404) },
  listTaxExemptions: { call: at('/api/tax/exemptions'), answers: staffOnly(200) },
  createTaxExemption: {
    call: async () => ({ path: '/api/tax/exemptions', body: anExemption() }),
    answers: staffOnly(201),
  },
  deleteTaxExemption: {
    call: async () => ({
      path: `/api/tax/exemptions/${await newPlace('/api/tax/exemptions', 'exemption', anExemption())}`,
    }),
    answers: staffOnly(200),
  },
  readSalesReport: {
    call: at('/api/reports/sales?from=2026-11-01&to=2026-12-01&group=day'),
    answers: staffOnly(200),
  },
  exportSalesReport: {
    call: at('/api/reports/sales.csv?from=2026-11-01&to=2026-12-01&group=day'),
    answers: staffOnly(200),
  },
  listPromotions: { call: at('/api/promotions'), answers: staffOnly(200) },
  createPromotion: {
    call: async () => ({
      path: '/api/promotions',
      body: { name: 'Sale', type: 'percentage', value: 10, code: crypto.randomUUID() },
    }),
    answers: staffOnly(201),
  },
  getPromotion: { call: async () => ({ path: `/api/promotions/${await newPromotion()}` }), answers: staffOnly(200) },
  updatePromotion: {
    call: async () => ({ path: `/api/promotions/${await newPromotion()}`, body: { priority: 1 } }),
    answers: staffOnly(200),
  },
  deletePromotion: { call: async () => ({ path: `/api/promotions/${await newPromotion()}` }), answers: staffOnly(200) },
  createPromotionCodes: {
    call: async () => ({ path: `/api/promotions/${await newPromotion()}/codes`, body: { count: 2 } }),
    answers: staffOnly(201),
  },
  listPromotionCodes: {
    call: async () => ({ path: `/api/promotions/${await newPromotion()}/codes` }),
    answers: staffOnly(200),
  },
  startPayment: {
    call: async () => ({ path: '/api/payments', body: { order_id: (await newOrder()).id } }),
    answers: ownerOrStaff(201),
  },
  getPayment: { call: async () => ({ path: `/api/payments/${(await newPayment()).id}` }), answers: ownerOrStaff(200) },
  getPaymentsOfOrder: {
    call: async () => ({ path: `/api/payments/order/${(await newPayment()).order_id}` }),
    answers: ownerOrStaff(200),
  },
  listRefunds: {
    call: async () => ({ path: `/api/payments/${(await newPayment()).id}/refunds` }),
    answers: ownerOrStaff(200),
  },
  // These payments still wait for a card, so an authorized call ends in a refusal that needs no Stripe.
  refundPayment: {
    call: async () => ({
      path: `/api/payments/${(await newPayment()).id}/refund`,
      body: {},
      headers: { 'idempotency-key': crypto.randomUUID() },
    }),
    answers: { anonymous: 401, customer: 403, stranger: 404, admin: 409 },
  },
  capturePayment: {
    call: async () => ({
      path: `/api/payments/${(await newPayment()).id}/capture`,
      body: {},
      headers: { 'idempotency-key': crypto.randomUUID() },
    }),
    answers: { anonymous: 401, customer: 403, stranger: 404, admin: 409 },
  },
  readLedger: { call: at('/api/payments/ledger'), answers: staffOnly(200) },
  listStripeEvents: { call: at('/api/payments/events?flagged=true'), answers: staffOnly(200) },
  listDisputes: { call: at('/api/payments/disputes'), answers: staffOnly(200) },
  listDiscrepancies: { call: at('/api/payments/discrepancies'), answers: staffOnly(200) },
  reconcilePayments: { call: at('/api/payments/reconcile', { body: {} }), answers: staffOnly(200) },
  listSavedMethods: { call: at('/api/payments/methods'), answers: signedIn(200) },
  removeSavedMethod: { call: at('/api/payments/methods/pm_no_such_card'), answers: signedIn(404) },
  receiveStripeWebhook: { call: at('/api/webhooks/stripe', { rawBody: '{}' }), answers: same(400) },
  receiveMailWebhook: { call: at('/api/webhooks/mail/resend', { rawBody: '{}' }), answers: same(400) },
  listWebhookEndpoints: { call: at('/api/webhook-endpoints'), answers: staffOnly(200) },
  createWebhookEndpoint: { call: at('/api/webhook-endpoints', { body: AN_ENDPOINT }), answers: staffOnly(201) },
  getWebhookEndpoint: {
    call: async () => ({ path: `/api/webhook-endpoints/${await newEndpoint()}` }),
    answers: staffOnly(200),
  },
  updateWebhookEndpoint: {
    call: async () => ({ path: `/api/webhook-endpoints/${await newEndpoint()}`, body: { description: 'Warehouse' } }),
    answers: staffOnly(200),
  },
  deleteWebhookEndpoint: {
    call: async () => ({ path: `/api/webhook-endpoints/${await newEndpoint()}` }),
    answers: staffOnly(200),
  },
  rotateWebhookSecret: {
    call: async () => ({ path: `/api/webhook-endpoints/${await newEndpoint()}/rotate` }),
    answers: staffOnly(200),
  },
  testWebhookEndpoint: {
    call: async () => ({ path: `/api/webhook-endpoints/${await newEndpoint()}/test` }),
    answers: staffOnly(201),
  },
  listWebhookDeliveries: {
    call: async () => ({ path: `/api/webhook-endpoints/${await newEndpoint()}/deliveries` }),
    answers: staffOnly(200),
  },
  getWebhookDelivery: {
    call: async () => ({
      path: `/api/webhook-endpoints/${await newEndpoint()}/deliveries/${newId('webhookMessage')}`,
    }),
    answers: staffOnly(404),
  },
  resendWebhookDelivery: {
    call: async () => ({
      path: `/api/webhook-endpoints/${await newEndpoint()}/deliveries/${newId('webhookMessage')}/resend`,
    }),
    answers: staffOnly(404),
  },
  resendWebhookDeliveries: {
    call: async () => ({
      path: `/api/webhook-endpoints/${await newEndpoint()}/resend`,
      body: { from: '2026-11-23T10:00:00Z', to: '2026-11-23T11:00:00Z' },
    }),
    answers: staffOnly(200),
  },
  createLiveTicket: {
    call: async () => {
      const product = await stage.shop.addProduct(stage.admin)
      return { path: '/api/live/tickets', body: { topics: [`stock:${variantIdOf(product)}`] } }
    },
    answers: same(201),
  },
  openLiveSocket: { call: at('/api/live?ticket=unknown'), answers: same(426) },
  openLiveEvents: { call: at('/api/live/events?ticket=unknown'), answers: same(401) },
  listEmailTemplates: { call: at('/api/email-templates'), answers: staffOnly(200) },
  getEmailTemplate: { call: at('/api/email-templates/low_stock'), answers: staffOnly(200) },
  saveEmailTemplate: {
    call: at('/api/email-templates/low_stock', { body: { subject: 'Low', html: '<p>Low</p>', text: 'Low' } }),
    answers: staffOnly(200),
  },
  revertEmailTemplate: { call: at('/api/email-templates/low_stock'), answers: staffOnly(200) },
  previewEmailTemplate: { call: at('/api/email-templates/low_stock/preview', { body: {} }), answers: staffOnly(200) },
  publishEmailTemplate: {
    call: at('/api/email-templates/low_stock/publish', { body: { version: 2_000_000 } }),
    answers: staffOnly(404),
  },
}

async function freshTokenOf(role: Role): Promise<string | undefined> {
  if (role === 'anonymous') return undefined
  return (await (role === 'admin' ? stage.shop.signUpAdmin() : stage.shop.signUp())).token
}

function tokenOf(role: Role): string | undefined {
  const accounts = { anonymous: undefined, customer: stage.customer, stranger, admin: stage.admin }
  return accounts[role]?.token
}

/** The call of each operation, on data that it has not changed yet. */
const unused = new Map<string, Call>()

/** For several roles the same while all are refused, since a refusal changes nothing. */
async function unusedCallOf(operationId: string, row: Row): Promise<Call> {
  const call = unused.get(operationId) ?? (await row.call())
  unused.set(operationId, call)
  return call
}

describe('the access matrix', () => {
  it('has a row for every operation of the API, and no other', () => {
    const operations = describedOperations().map(({ operationId }) => operationId)
    expect(Object.keys(MATRIX).toSorted()).toEqual(operations.toSorted())
  })

  const cases = describedOperations().flatMap((operation) => ROLES.map((role) => ({ ...operation, role })))

  it.each(cases)('$operationId for $role', async ({ operationId, method, role }) => {
    const row = MATRIX[operationId]
    if (row === undefined) throw new Error(`No row for ${operationId}`)
    const { path, ...options } = await unusedCallOf(operationId, row)
    const token = row.signsOut ? await freshTokenOf(role) : tokenOf(role)
    const reply = await stage.shop.request(method, path, { ...options, token })
    if (method !== 'GET' && reply.status < 400) unused.delete(operationId)
    expect(reply.status).toBe(row.answers[role])
    expect(JSON.stringify(reply.body).includes(SECRET)).toBe(row.shows?.includes(role) ?? false)
    if (reply.status === 401) expect(reply.headers.get('www-authenticate')).toMatch(/^Bearer/)
  })
})

describe('the caller', () => {
  it('is identified by the token alone; identity headers are ignored', async () => {
    const caller = JSON.stringify({ kind: 'user', userId: stage.admin.user.id, role: 'admin' })
    const headers = {
      'x-shop-caller': caller,
      'X-Shop-User': stage.admin.user.id,
      'x-user-id': stage.admin.user.id,
      'x-user-role': 'admin',
    }
    const body = { name: 'Mug', price: 1 }
    const { request } = stage.shop
    expect((await request('POST', '/api/products', { headers, body })).status).toBe(401)
    expect((await request('POST', '/api/products', { headers, body, token: stage.customer.token })).status).toBe(403)
    expect((await request('GET', '/api/users/profile', { headers })).status).toBe(401)
    const profile = await request('GET', '/api/users/profile', { headers, token: stage.customer.token })
    expect(profile.body.user.id).toBe(stage.customer.user.id)
  })

  it('cannot reach the workers’ internal endpoints', async () => {
    for (const path of ['/internal/ready', '/api/orders/../../internal/ready', '/sweep']) {
      expect((await fetch(`${stage.platform.url}${path}`)).status).toBe(404)
    }
  })
})
