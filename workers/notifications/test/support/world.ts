import type { GiftCardMail } from '@shop/contracts/orders/gift-cards'
import type { OrderMail, OrderTokenMail } from '@shop/contracts/orders/order-mail'
import type { AccountMail, Contact } from '@shop/contracts/users/rpc'
import { newId } from '@shop/http/ids'
import { fail, ok } from '@shop/kernel/result'
import type { NotificationsDeps } from '../../src/deps.ts'
import { type Claim, keyOf, type OutgoingMail, type Settlement } from '../../src/mails/domain/mail.ts'
import type { MailEventsDeps } from '../../src/mails/mail-events.ts'
import type { SendOutcome } from '../../src/providers/domain/outcome.ts'
import { addressHasher } from '../../src/suppressions/internal/hash-address.ts'
import { type PublishedTemplates, type TemplateVersion, templateKey } from '../../src/templates/domain/template.ts'
import type { TemplateRepository } from '../../src/templates/repository.ts'
import type { WebhookEndpoint } from '../../src/webhook-endpoints/domain/endpoint.ts'
import { LINKS, NOW, SETTINGS } from './mails.ts'

export const DOWN = fail({ code: 'service_unavailable' } as const)

/** What mails and their templates need. */
export type MailDeps = MailEventsDeps &
  Pick<NotificationsDeps, 'suppressions' | 'webhookSecret'> & {
    webhookEndpoints: { findEach: NotificationsDeps['webhookEndpoints']['findEach'] }
  }

type Options = {
  endpoints?: WebhookEndpoint[]
  orders?: OrderMail[]
  contacts?: Contact[]
  accounts?: AccountMail[]
  staff?: Contact[]
  tokens?: OrderTokenMail[]
  giftCards?: GiftCardMail[]
}

/** What operations need, in memory; `sent` lists what the provider took, and `calls` the calls of other workers. */
export function world(options: Options = {}) {
  const { orders = [], contacts = [], accounts = [], staff = [], tokens = [], giftCards = [], endpoints = [] } = options
  const sent: OutgoingMail[] = []
  const calls: string[] = []
  const warnings: string[] = []
  const rows = new Map<string, { claim: Claim; settled?: Settlement }>()
  const suppressed = new Set<string>()
  const versions: TemplateVersion[] = []
  const answers: SendOutcome[] = []
  const called = <T>(name: string, value: T): T => {
    calls.push(name)
    return value
  }
  const deps = {
    mails: {
      claim: async (wanted) =>
        new Map(
          wanted.map((mail): [string, Claim] => {
            const key = keyOf(mail)
            const known = rows.get(key)
            if (known?.settled !== undefined && known.settled.status !== 'retry') return [key, { state: 'ended' }]
            if (suppressed.has(mail.addressHash)) return [key, { state: 'suppressed' }]
            if (known !== undefined && known.settled === undefined) return [key, { state: 'busy' }]
            rows.set(key, { claim: { state: 'claimed', id: mail.id } })
            return [key, { state: 'claimed', id: mail.id }]
          }),
        ),
      settle: async (id, settled) => {
        for (const row of rows.values()) if (row.claim.state === 'claimed' && row.claim.id === id) row.settled = settled
      },
      listTo: async () => [],
      prune: async () => 0,
    },
    suppressions: {
      find: async (hash) => (suppressed.has(hash) ? 'bounced' : undefined),
      add: async (hashes) => {
        for (const hash of hashes) suppressed.add(hash)
      },
    },
    templates: memoryTemplates(versions),
    users: {
      accountMails: async ({ eventIds }) =>
        called('accountMails', ok(accounts.filter(({ eventId }) => eventIds.includes(eventId)))),
      contactsOf: async ({ userIds }) =>
        called('contactsOf', ok(contacts.filter(({ userId }) => userIds.includes(userId)))),
      staffContacts: async () => called('staffContacts', ok(staff)),
    },
    orders: {
      orderMails: async ({ orderIds }) =>
        called('orderMails', ok(orders.filter(({ orderId }) => orderIds.includes(orderId)))),
      giftCardMails: async ({ giftCardIds }) =>
        called('giftCardMails', ok(giftCards.filter(({ giftCardId }) => giftCardIds.includes(giftCardId)))),
      orderTokenMails: async ({ eventIds }) =>
        called('orderTokenMails', ok(tokens.filter(({ eventId }) => eventIds.includes(eventId)))),
    },
    catalog: { quoteEach: async () => called('quoteEach', ok([])) },
    webhookEndpoints: { findEach: async (ids) => endpoints.filter(({ id }) => ids.includes(id)) },
    provider: {
      send: async (mail) => {
        const answer = answers.shift() ?? { outcome: 'sent', providerId: `re_${sent.length + 1}` }
        if (answer.outcome === 'sent') sent.push(mail)
        return answer
      },
    },
    webhookSecret: `whsec_${btoa('a secret of a test')}`,
    hashAddress: addressHasher('a secret of a test that is long'),
    shop: SETTINGS.shop,
    links: LINKS,
    newMailId: () => newId('mail'),
    now: () => NOW,
    warn: (event) => {
      warnings.push(event)
    },
  } satisfies MailDeps
  return { deps: deps as MailDeps, sent, calls, warnings, answers, versions, suppressed }
}

function memoryTemplates(versions: TemplateVersion[]): TemplateRepository {
  const of = (one: { name: string; locale: string }) => (row: TemplateVersion) =>
    row.name === one.name && row.locale === one.locale
  return {
    listPublished: async (): Promise<PublishedTemplates> =>
      new Map(versions.filter(({ status }) => status === 'published').map((row) => [templateKey(row), row])),
    listVersions: async (name) => versions.filter(of(name)).toSorted((one, other) => other.version - one.version),
    listStates: async () => [],
    insertDraft: async (draft) => {
      versions.push({ ...draft, status: 'draft', publishedAt: null })
      return true
    },
    publish: async ({ version, ...name }, now) => {
      const wanted = versions.find((row) => of(name)(row) && row.version === version)
      if (wanted === undefined) return false
      for (const row of versions.filter(of(name))) if (row.status === 'published') row.status = 'retired'
      Object.assign(wanted, { status: 'published', publishedAt: now })
      return true
    },
    retire: async (name) => {
      for (const row of versions.filter(of(name))) row.status = 'retired'
    },
  }
}
