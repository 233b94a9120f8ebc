import type { Db } from '@shop/db/client'
import { withFreshKey } from '@shop/db/idempotency-keys'
import type { KeyKnown } from '@shop/kernel/create-once'
import type { IdempotencyKey } from '@shop/kernel/idempotency'
import { ok, type Result } from '@shop/kernel/result'
import { sql } from 'drizzle-orm'
import { keyedBy } from '../../idempotency/repository.ts'
import type { WebhookMessage } from '../domain/message.ts'
import { type AttemptResult, listDue, listDueEndpoints, postponeAttempt, settleAttempt } from './attempts.ts'
import { enqueueMessages, enqueueOne } from './enqueue.ts'
import { findDelivery, listDeliveries, pruneMessages, type ResendRange, resendOne, resendRange } from './history.ts'

export type WebhookDeliveryRepository = ReturnType<typeof webhookDeliveryRepository>

/** Messages to webhook endpoints, and their deliveries; each call is one round trip. */
export const webhookDeliveryRepository = (db: Db) => ({
  enqueue: (messages: readonly WebhookMessage[], now: Date) => enqueueMessages(db, messages, now),

  /** Stores the key of the request with it. False when there is no such endpoint, or it is disabled. */
  enqueueOnce: (
    to: { endpointId: string; message: WebhookMessage; now: Date },
    key: IdempotencyKey | undefined,
  ): Promise<Result<boolean, KeyKnown>> =>
    withFreshKey(async () => ok(await enqueueOne(db, to, keyedBy(key, sql`delivery`, to.now)))),

  listDue: (endpointId: string, page: { now: Date; limit: number }) => listDue(db, endpointId, page),
  listDueEndpoints: (now: Date) => listDueEndpoints(db, now),
  settle: (settled: AttemptResult, now: Date) => settleAttempt(db, settled, now),
  postpone: (one: Parameters<typeof postponeAttempt>[1], until: Date) => postponeAttempt(db, one, until),
  list: (endpointId: string, query: Parameters<typeof listDeliveries>[2]) => listDeliveries(db, endpointId, query),
  find: (endpointId: string, messageId: string) => findDelivery(db, endpointId, messageId),
  resend: (endpointId: string, messageId: string, now: Date) => resendOne(db, endpointId, messageId, now),
  resendRange: (endpointId: string, range: ResendRange) => resendRange(db, endpointId, range),
  prune: (now: Date) => pruneMessages(db, now),
})
