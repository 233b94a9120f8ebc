import { describe, expect, it } from 'vitest'
import { Progress } from './progress.ts'

function recorder(isTTY: boolean) {
  let text = ''
  let now = 0
  const output = { isTTY, write: (more: string) => (text += more) }
  return { progress: new Progress(output, () => now), text: () => text, pass: (ms: number) => (now += ms) }
}

describe('the progress of a start', () => {
  it('is one line per finished step with its seconds, and nothing else without a terminal', async () => {
    const { progress, text, pass } = recorder(false)
    let finish = (_: string) => {}
    const database = progress.step('database', new Promise<string>((resolve) => (finish = resolve)), (name) => name)
    pass(1_500)
    await progress.step('Redis', Promise.resolve())
    pass(840)
    finish('PGlite')
    await database
    progress.end()
    expect(text()).toBe('  ✓ Redis       0.0 s\n  ✓ database    2.3 s   PGlite\n')
  })

  it('marks the step that failed, and rethrows its error', async () => {
    const { progress, text } = recorder(false)
    await expect(progress.step('Stripe', Promise.reject(new Error('port taken')))).rejects.toThrow('port taken')
    expect(text()).toBe('  ✗ Stripe      0.0 s\n')
  })

  it('shows pending steps on a terminal, and clears them at the end', () => {
    const { progress, text } = recorder(true)
    void progress.step('workers', new Promise(() => {}))
    void progress.step('database', new Promise(() => {}))
    expect(text()).toContain('  … workers, database (0 s)')
    progress.end()
    expect(text().endsWith('\r\u001b[2K')).toBe(true)
  })
})
