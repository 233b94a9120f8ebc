import { z } from 'zod'
import type { EventDefinition } from './define.ts'

export const NOTIFICATIONS_EVENTS = {
  /** Every delivery to the endpoint had failed for three days; those who may change endpoints get a mail. */
  'webhook_endpoint.disabled': {
    version: 1,
    payload: z.object({ endpointId: z.string() }),
    key: 'endpointId',
    isPublic: false,
    consumers: ['notifications'],
  },
} as const satisfies Record<string, EventDefinition>
