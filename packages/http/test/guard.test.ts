import { guarded } from '@shop/http/guard'
import { afterEach, describe, expect, it, vi } from 'vitest'

const logged: string[] = []
vi.spyOn(console, 'error').mockImplementation((line: string) => void logged.push(line))
afterEach(() => void logged.splice(0))

describe('work that no request waits for', () => {
  it('returns its result', async () => {
    expect(await guarded('sweep_failed', async () => 5)).toBe(5)
    expect(logged).toEqual([])
  })

  it('throws only the event name of an error, and logs the error without values', async () => {
    const failed = Object.assign(new Error('Failed query: delete from x\nparams: c4n4ry'), { params: ['c4n4ry'] })
    const error: Error = await guarded('sweep_failed', () => Promise.reject(failed)).then(
      () => new Error('It succeeded'),
      (reason: Error) => reason,
    )
    expect([error.message, error.cause, error.stack?.includes('c4n4ry')]).toEqual(['sweep_failed', undefined, false])
    expect(logged.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({
        level: 'error',
        event: 'sweep_failed',
        error: expect.objectContaining({ name: 'Error' }),
      }),
    ])
    expect(logged.join()).not.toContain('c4n4ry')
  })
})
