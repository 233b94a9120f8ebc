import type { SuppressionReason } from '@shop/contracts/notifications/states'
import { z } from 'zod'

/** What a provider reports of addresses: that they get no more mail. */
export type MailReport = { reason: SuppressionReason; addresses: string[] }

const Event = z.looseObject({
  type: z.string(),
  data: z.looseObject({
    to: z.union([z.string(), z.array(z.string()).max(50)]),
    bounce: z.looseObject({ type: z.string() }).optional(),
  }),
})

/**
 * A webhook event of Resend that ends mail to its recipients: a complaint, or a bounce that is permanent. A full mailbox or a
 * server that is away is transient.
 *
 * Source: https://resend.com/docs/webhooks/emails/bounced
 *
 * @returns undefined for every other event
 */
export function reportOf(event: unknown): MailReport | undefined {
  const parsed = Event.safeParse(event)
  if (!parsed.success) return undefined
  const { type, data } = parsed.data
  const addresses = typeof data.to === 'string' ? [data.to] : data.to
  if (type === 'email.complained') return { reason: 'complained', addresses }
  if (type !== 'email.bounced' || !isPermanent(data.bounce?.type)) return undefined
  return { reason: 'bounced', addresses }
}

/** Resend documents `email.bounced` as permanent; newer events say so, or else. */
const isPermanent = (type: string | undefined) => type === undefined || type.toLowerCase() === 'permanent'
