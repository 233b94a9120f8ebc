import { addSeconds } from '@shop/kernel/time'

/** A device that has signed in to an account. Only a hash of its id is kept. */
export type KnownDevice = { hash: string; seenAt: number }

/** More than one person has; the least recent is forgotten. */
const MOST_DEVICES = 20
const REMEMBERED_DAYS = 180

export function isKnown(devices: readonly KnownDevice[], hash: string | undefined, now: Date): boolean {
  return rememberedAt(devices, now).some((device) => device.hash === hash)
}

export function rememberDevice(devices: readonly KnownDevice[], hash: string, now: Date): KnownDevice[] {
  const others = rememberedAt(devices, now).filter((device) => device.hash !== hash)
  return [{ hash, seenAt: now.getTime() }, ...others].slice(0, MOST_DEVICES)
}

/** When the last of the devices is forgotten. */
export function devicesExpiry(devices: readonly KnownDevice[]): Date | undefined {
  const [latest] = devices.map(({ seenAt }) => seenAt).sort((one, other) => other - one)
  return latest === undefined ? undefined : expiryOf(latest)
}

const expiryOf = (seenAt: number) => addSeconds(new Date(seenAt), REMEMBERED_DAYS * 24 * 3_600)

const rememberedAt = (devices: readonly KnownDevice[], now: Date) =>
  devices.filter(({ seenAt }) => expiryOf(seenAt) > now)
