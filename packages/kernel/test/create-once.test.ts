import { type CreateOnceFailure, createOnce, creationKey, type KeyKnown } from '@shop/kernel/create-once'
import type { IdempotencyKey } from '@shop/kernel/idempotency'
import { fail, ok, type Result } from '@shop/kernel/result'
import { describe, expect, it } from 'vitest'

type Mug = { id: string; name: string }
type NameTaken = { code: 'name_taken' }

/** A table of mugs with unique names, whose keys are stored as its statement would. */
function aTable() {
  const mugs = new Map<string, Mug>()
  const keys = new Map<string, { requestHash: string; subject: string }>()
  const create = async (name: string, key?: IdempotencyKey): Promise<Result<Mug, NameTaken | KeyKnown>> => {
    // Whichever constraint is checked first.
    if ([...mugs.values()].some((mug) => mug.name === name)) return fail({ code: 'name_taken' })
    if (key && keys.has(key.key)) return fail({ code: 'idempotency_key_known' })
    const mug = { id: String(mugs.size + 1), name }
    mugs.set(mug.id, mug)
    if (key) keys.set(key.key, { requestHash: key.requestHash, subject: mug.id })
    return ok(mug)
  }
  return {
    mugs,
    async ask(name: string, idempotencyKey?: string) {
      const key = await creationKey('user_1:createMug', idempotencyKey, { name })
      const findKey = async (known: IdempotencyKey) => keys.get(known.key)
      const find = async (id: string) => mugs.get(id)
      return createOnce<Mug, NameTaken>(key, { create: () => create(name, key), findKey, find })
    },
  }
}

const failure = (code: (NameTaken | CreateOnceFailure)['code']) => ({ ok: false, failure: { code } })

describe('creating with an idempotency key', () => {
  it('creates once, and answers a repeated request with what the first one created', async () => {
    const { ask, mugs } = aTable()
    const first = await ask('Blue', 'k1')
    expect(first).toEqual(ok({ value: { id: '1', name: 'Blue' }, replayed: false }))
    expect(await ask('Blue', 'k1')).toEqual(ok({ value: { id: '1', name: 'Blue' }, replayed: true }))
    expect(mugs.size).toBe(1)
  })

  it('refuses the key for another request', async () => {
    const { ask, mugs } = aTable()
    await ask('Blue', 'k1')
    expect(await ask('Red', 'k1')).toEqual(failure('idempotency_key_reused'))
    expect(mugs.size).toBe(1)
  })

  it('stores no key for a refusal, so that its retry runs afresh', async () => {
    const { ask, mugs } = aTable()
    await ask('Blue')
    expect(await ask('Blue', 'k1')).toEqual(failure('name_taken'))
    mugs.clear()
    expect(await ask('Blue', 'k1')).toMatchObject({ ok: true, value: { replayed: false } })
  })

  it('says so when what the first request created was deleted since', async () => {
    const { ask, mugs } = aTable()
    await ask('Blue', 'k1')
    mugs.clear()
    expect(await ask('Blue', 'k1')).toEqual(failure('created_and_deleted'))
  })

  it('creates each time without a key, and never looks one up', async () => {
    const { ask } = aTable()
    expect(await ask('Blue')).toMatchObject({ ok: true, value: { replayed: false } })
    expect(await ask('Blue')).toEqual(failure('name_taken'))
  })
})
