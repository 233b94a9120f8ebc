import type { Stage } from '../support/use-platform.ts'
import { at, type Rows, same, staffOnly } from './row.ts'

/** What staff do with accounts, roles, keys and events. */
export function staffRows(stage: Stage): Rows {
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

  const aKey = { kind: 'secret', name: 'Warehouse', scopes: ['orders:read'] }

  async function newApiKey(): Promise<string> {
    const { shop, admin } = stage
    return (await shop.request('POST', '/api/api-keys', { token: admin.token, body: aKey })).body.api_key.id
  }

  return {
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
      call: async () => ({
        path: `/api/customer-groups/${await newCustomerGroup()}`,
        body: { metadata: { tier: '1' } },
      }),
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
    createApiKey: { call: at('/api/api-keys', { body: aKey }), answers: staffOnly(201) },
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
  }
}
