import { ok } from '@shop/kernel/result'
import { Unavailable } from '@shop/kernel/unavailable'
import { untilSaved } from '@shop/kernel/until-saved'
import { describe, expect, it } from 'vitest'

describe('a save that other writers can overtake', () => {
  it('is tried again until it succeeds', async () => {
    let attempts = 0
    const saved = await untilSaved(async () => {
      attempts += 1
      return attempts < 5 ? undefined : ok('saved')
    })
    expect([attempts, saved]).toEqual([5, { ok: true, value: 'saved' }])
  })

  it('ends as unavailable after five attempts, certain that nothing was done', async () => {
    const lost = untilSaved<{ ok: true; value: string }>(async () => undefined)
    await expect(lost).rejects.toBeInstanceOf(Unavailable)
    await expect(lost).rejects.toMatchObject({ wasAsked: false })
  })
})
