import { describe, expect, it } from 'vitest'
import { devicesExpiry, isKnown, type KnownDevice, rememberDevice } from '../../src/limits/domain/known-devices.ts'

const NOW = new Date('2026-11-23T10:00:00.000Z')
const inDays = (days: number) => new Date(NOW.getTime() + days * 24 * 3_600_000)

describe('the devices that an account knows', () => {
  it('are those that have signed in, for 180 days after the last time', () => {
    const devices = rememberDevice(rememberDevice([], 'a', NOW), 'b', inDays(100))
    expect(isKnown(devices, 'a', inDays(179.9))).toBe(true)
    expect(isKnown(devices, 'a', inDays(180))).toBe(false)
    expect(isKnown(rememberDevice(devices, 'a', inDays(170)), 'a', inDays(300))).toBe(true)
    expect(devicesExpiry(devices)).toEqual(inDays(280))
    expect(devicesExpiry([])).toBeUndefined()
  })

  it('never include a client that names none', () => {
    expect(isKnown(rememberDevice([], 'a', NOW), undefined, NOW)).toBe(false)
  })

  it('are at most twenty: the least recent is forgotten', () => {
    let devices: KnownDevice[] = []
    for (let count = 0; count < 21; count += 1) devices = rememberDevice(devices, `${count}`, NOW)
    expect(devices).toHaveLength(20)
    expect([isKnown(devices, '0', NOW), isKnown(devices, '1', NOW)]).toEqual([false, true])
  })
})
