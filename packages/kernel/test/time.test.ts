import { describe, expect, it } from 'vitest'
import { secondsUntil } from '../src/time.ts'

const NOW = new Date('2026-11-23T10:00:00.000Z')

describe('secondsUntil', () => {
  it('rounds up to whole seconds', () => {
    expect(secondsUntil(new Date(NOW.getTime() + 1_001), NOW)).toBe(2)
  })

  it('never returns zero, which would mean an immediate retry', () => {
    expect(secondsUntil(NOW, NOW)).toBe(1)
    expect(secondsUntil(new Date(NOW.getTime() - 5_000), NOW)).toBe(1)
  })
})
