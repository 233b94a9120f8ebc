/** The sweeper that writes events down for the endpoints. It is not the one of mails, so that neither waits for the other. */
export const WEBHOOKS_SWEEPER = 'webhooks'

const PREFIX = 'webhook-endpoint/'

/** Each endpoint has a sweeper of its own: one that is slow delays no other. */
export const sweeperOf = (endpointId: string): string => `${PREFIX}${endpointId}`

export const endpointOf = (sweeper: string): string | undefined =>
  sweeper.startsWith(PREFIX) ? sweeper.slice(PREFIX.length) : undefined
