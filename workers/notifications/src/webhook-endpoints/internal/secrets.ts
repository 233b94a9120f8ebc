import type { Sealer } from '@shop/kernel/sealer'
import type { WebhookEndpoint } from '../domain/endpoint.ts'

/** Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#signature-scheme */
const written = (bytes: Uint8Array): string => `whsec_${btoa(String.fromCharCode(...bytes))}`

/** The secret of an endpoint, as its receiver needs it. */
export const openSecret = async (
  sealer: Sealer,
  { id, secret }: Pick<WebhookEndpoint, 'id' | 'secret'>,
): Promise<string> => written(await sealer.open(secret, id))
