import { line, text } from '@shop/kernel/text'
import { z } from 'zod'
import type { Tracking } from '../domain/shipment.ts'

const webAddress = text(1, 2_000).refine(isWebAddress, 'must be an http or https address')

/** The tracking of a shipment in a body; null empties a part. */
export const trackingFields = {
  carrier: line(100).nullable().optional().meta({ example: 'DHL' }),
  tracking_number: line(100).nullable().optional().meta({ example: '00340434161094042557' }),
  tracking_url: webAddress
    .nullable()
    .optional()
    .meta({ description: 'The customer can open it', example: 'https://track.example.com/00340434161094042557' }),
}

const TrackingBody = z.object(trackingFields)

export function toTracking({
  carrier,
  tracking_number: trackingNumber,
  tracking_url: trackingUrl,
}: z.infer<typeof TrackingBody>): { [K in keyof Tracking]: Tracking[K] | undefined } {
  return { carrier, trackingNumber, trackingUrl }
}

/** Mails and shops show it as a link, so nothing else that a browser would run. */
function isWebAddress(value: string): boolean {
  const url = URL.parse(value)
  return url !== null && (url.protocol === 'https:' || url.protocol === 'http:')
}
