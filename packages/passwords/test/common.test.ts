import { isCommonPassword } from '@shop/passwords/common'
import { describe, expect, it } from 'vitest'

describe('a common password', () => {
  it.each([
    ['of the list', '123456789987654321'],
    ['in capitals', 'QwertyUiopAsdfg'],
    ['with spaces', 'password standard'],
    ['doubled', 'passwordpassword'],
    ['doubled with a space', 'Dragon dragon dragon'],
    ['that repeats what no list has', 'kz7kz7kz7kz7kz7kz7'],
    ['that breaks off while it repeats', 'passwordpasswordpass'],
    ['with the date after it', 'Sunshine20261130'],
    ['between digits and signs', '!!2026michael2026!!'],
    ['doubled with digits after it', 'secretsecret12345'],
    ['of one character', 'aaaaaaaaaaaaaaaaaaaa'],
    ['of four characters', 'abbacaddaabbccdda'],
    ['that passphrases are explained with', 'correct horse battery staple'],
  ])('%s is one', (_, password) => {
    expect(isCommonPassword(password)).toBe(true)
  })

  it.each([
    'violet teapots sing at noon',
    'a long enough passphrase',
    'password of my late aunt',
    'f3b0c44298fc1c149afb',
    'Donaudampfschiffkapitän',
    'пароль который никто не знает',
  ])('"%s" is none', (password) => {
    expect(isCommonPassword(password)).toBe(false)
  })
})
