import { PLACE_HEADER } from '@shop/kernel/caller'
import { text } from '@shop/kernel/text'
import type { Client } from '../start-session.ts'

/** Random, so that nobody can guess the one of an account; kept by the client for as long as it can. */
export const DeviceId = text(16, 128)
  .optional()
  .meta({
    description:
      'An id of this device, made by the client from at least 128 random bits and kept. A device that has signed in ' +
      'before is not slowed down by strangers who guess passwords, and may repeat a refresh whose answer was lost',
    example: '5f0f6b1e-8c55-4f0e-9d0b-3b6f7a2c1d90',
  })

/** The client of a request, as it describes itself and as the gateway saw it. */
export function clientOf(headers: Headers, deviceId: string | undefined): Client {
  return { deviceId, userAgent: headers.get('user-agent') ?? undefined, place: placeOf(headers.get(PLACE_HEADER)) }
}

function placeOf(header: string | null): string | undefined {
  return header === null ? undefined : decodeURIComponent(header)
}
