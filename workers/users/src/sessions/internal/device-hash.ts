import { sha256Hex } from '@shop/kernel/hash'
import type { UserId } from '@shop/kernel/ids'

/** The stored form of a device's id: of two users on one device, nobody can tell. */
export async function deviceHashOf(userId: UserId, deviceId: string | undefined): Promise<string | undefined> {
  return deviceId === undefined ? undefined : sha256Hex(`${userId} ${deviceId}`)
}
