import { newId } from '@shop/http/ids'
import type { Sealed } from '@shop/kernel/sealer'
import type { WebhookEndpoint } from '../../src/webhook-endpoints/domain/endpoint.ts'
import { NOW } from './mails.ts'

export const sealed = (text: string): Sealed => ({ text, keyId: 'key' })

export const anEndpoint = (over: Partial<WebhookEndpoint> = {}): WebhookEndpoint => ({
  ...{ id: newId('webhookEndpoint'), url: 'https://hooks.example.com/shop', events: ['*'], description: '' },
  ...{ status: 'enabled', disabledReason: undefined, failingSince: undefined, secret: sealed('a secret') },
  ...{ formerSecret: undefined, createdAt: NOW, updatedAt: NOW, version: 1 },
  ...over,
})
