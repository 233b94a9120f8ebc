import { describe, expect, it } from 'vitest'
import { checkVersion } from '../src/versions.ts'

describe('the version of a resource', () => {
  it.each([[undefined], [[3]], [[1, 3]]])('3 is accepted by a writer who expects %j', (expected) => {
    expect(checkVersion(expected, 3)).toEqual({ ok: true, value: undefined })
  })

  it.each([[[]], [[2]], [[4, 2]]])('3 is refused to a writer who expects %j', (expected) => {
    expect(checkVersion(expected, 3)).toEqual({ ok: false, failure: { code: 'version_conflict' } })
  })
})
