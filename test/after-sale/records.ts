import { PUBLIC_EVENTS } from '@shop/contracts/events/catalogue'
import { EVENT_SERVICES } from '@shop/services'
import type { WebhookEvent } from '@shop/testing/webhook-receiver'
import { sql } from 'drizzle-orm'
import type { Stage } from '../support/use-platform.ts'
import type { SoldOrder } from './sold-order.ts'

type EventRow = { type: string; key: string; sequence: number }
const SERVICES = ['orders', 'payments'] as const

/** The keys of the events of an order: its own, and those of its payments. */
async function keysOf({ stage, id }: SoldOrder): Promise<string[]> {
  const { rows } = await stage.platform.database
    .as('payments')
    .execute<{ id: string }>(sql`select id from payments.payments where order_id = ${id} order by created_at, id`)
  return [id, ...rows.map((row) => row.id)]
}

const among = (keys: readonly string[]) =>
  sql`(${sql.join(
    keys.map((key) => sql`${key}`),
    sql`, `,
  )})`

/** The events of an order and its payments, as they were written. */
async function eventsOf(sold: SoldOrder): Promise<EventRow[]> {
  const { stage } = sold
  const keys = among(await keysOf(sold))
  const all = await Promise.all(
    SERVICES.map(async (service) => {
      const events = sql.raw(`${service}.events`)
      const { rows } = await stage.platform.database
        .as(service)
        .execute<EventRow>(
          sql`select type, key, sequence::int as sequence from ${events} where key in ${keys} order by id`,
        )
      return rows
    }),
  )
  return all.flat()
}

/** Whether the events of a type were written as often as they should have been. */
export async function eventMismatches(sold: SoldOrder, wanted: Record<string, number>): Promise<string[]> {
  const events = await eventsOf(sold)
  return Object.entries(wanted).flatMap(([type, count]) => {
    const found = events.filter((event) => event.type === type).length
    return found === count ? [] : [`${found} events ${type}, not ${count}`]
  })
}

/** Events of an order and its payments that some consumer has not confirmed. */
export async function openDeliveries(sold: SoldOrder): Promise<string[]> {
  const { stage } = sold
  const keys = among(await keysOf(sold))
  const open = await Promise.all(
    SERVICES.map(async (service) => {
      const { rows } = await stage.platform.database.as(service).execute<{ consumer: string; status: string }>(
        sql`select consumer, status from ${sql.raw(`${service}.event_deliveries`)}
            where key in ${keys} and status in ('pending', 'parked')`,
      )
      return rows.map(({ consumer, status }) => `an event of ${service} is ${status} for ${consumer}`)
    }),
  )
  return open.flat()
}

const EVERY_MAIL_OF_ORDERS = /^(?!Confirm your e-mail address)/

/** Whether the customer has each mail once: one for each subject, in whatever order. */
export function mailMismatches({ stage, customer }: SoldOrder, wanted: readonly RegExp[]): string[] {
  const mails = stage.platform.mail.mails({ to: customer.email })
  const ofOrders = mails.filter(({ subject }) => EVERY_MAIL_OF_ORDERS.test(subject))
  const keys = new Set(ofOrders.map(({ idempotency }) => idempotency?.key))
  return [
    ...wanted.flatMap((subject) => {
      const found = ofOrders.filter((mail) => subject.test(mail.subject)).length
      return found === 1 ? [] : [`${found} mails ${subject}`]
    }),
    ...(ofOrders.length === wanted.length ? [] : [`${ofOrders.length} mails, not ${wanted.length}`]),
    ...(keys.size === ofOrders.length ? [] : ['two mails have the same key']),
  ]
}

/**
 * Whether a receiver has all public events of an order and its payments, each key in order, after it has left out what came again by
 * its id.
 */
export async function webhookMismatches(sold: SoldOrder, received: readonly WebhookEvent[]): Promise<string[]> {
  const isPublic = new Set<string>(PUBLIC_EVENTS)
  const written = (await eventsOf(sold)).filter(({ type }) => isPublic.has(type))
  const bodies = new Map<string, string>()
  const distinct: WebhookEvent[] = []
  const found: string[] = []
  for (const event of received) {
    const body = bodies.get(event.id)
    if (body === undefined) distinct.push(event)
    else if (body !== JSON.stringify(event)) found.push(`${event.type} ${event.id} came with another body`)
    bodies.set(event.id, JSON.stringify(event))
  }
  const textOf = ({ type, sequence }: Pick<EventRow, 'type' | 'sequence'>) => `${type} ${sequence}`
  for (const key of await keysOf(sold)) {
    const wanted = written.filter((event) => event.key === key).map(textOf)
    const came = distinct.filter((event) => event.key === key).map(textOf)
    if (JSON.stringify(came) !== JSON.stringify(wanted)) found.push(`webhooks ${came.join()}, not ${wanted.join()}`)
  }
  return found
}

/** Makes due now what is to be tried again later, as if the time had passed: of events, mails and webhooks. */
export async function letTimePass({ platform }: Stage): Promise<void> {
  const notifications = platform.database.as('notifications')
  await Promise.all([
    ...EVENT_SERVICES.map(({ name }) =>
      platform.database
        .as(name)
        .execute(
          sql`update ${sql.raw(`${name}.event_deliveries`)} set next_attempt_at = now() where status = 'pending'`,
        ),
    ),
    notifications.execute(sql`update notifications.mails set lease_until = now() where status = 'queued'`),
    notifications.execute(
      sql`update notifications.webhook_deliveries set next_attempt_at = now() where status = 'pending'`,
    ),
  ])
}
