import { EXPORTED_AT_MOST } from '@shop/contracts/users/export'
import { newId } from '@shop/http/ids'
import type { UserId } from '@shop/kernel/ids'
import { ok } from '@shop/kernel/result'
import { describe, expect, it } from 'vitest'
import type { CustomerNote } from '../../src/notes/domain/customer-note.ts'
import { exportAccount } from '../../src/privacy/export-account.ts'
import { toAccountExport } from '../../src/privacy/routes/account-export-view.ts'
import { NOW, newUser, PROOF } from '../support/people.ts'

const { passwordHash: _, ...ada } = newUser('ada@example.com')
const group = {
  id: newId('customerGroup'),
  name: 'Wholesale',
  metadata: {},
  createdAt: NOW,
  updatedAt: NOW,
  version: 2,
}
const owner = { kind: 'user', userId: ada.id, role: 'customer', proof: PROOF, sessionId: newId('session') } as const

const noteAbout = (userId: UserId, text: string): CustomerNote => ({
  ...{ id: newId('customerNote'), userId, authorId: newId('user'), text, createdAt: NOW },
})

/** A shop with one account, which is in a group and has notes about it. */
function shopWith(notes: CustomerNote[]) {
  const deps = {
    accounts: { findRecord: async () => ({ ...ada, metadata: { erp_id: 'A-1' } }) },
    addresses: { list: async () => [] },
    apiKeys: { listOf: async () => [] },
    customerGroups: { ofUser: async () => [group] },
    customerNotes: { list: async ({ limit }: { limit: number }) => notes.slice(0, limit) },
    factors: { list: async () => ({ factors: [] }) },
    limits: { count: async () => ok({ statuses: [], uncountFailures: async () => [] }) },
    sessions: { list: async () => [] },
    now: () => NOW,
  }
  // Only these members are used.
  return deps as unknown as Parameters<typeof exportAccount>[0]
}

async function exported(notes: CustomerNote[]) {
  const known = await exportAccount(shopWith(notes), owner)
  if (!known.ok) throw new Error(known.failure.code)
  return toAccountExport(known.value)
}

describe('the export of an account', () => {
  it('has the metadata, the groups and the notes that staff keep about it, but not who wrote a note', async () => {
    const { account, groups, notes } = await exported([noteAbout(ada.id, 'Calls often')])
    expect(account).toMatchObject({ email: 'ada@example.com', metadata: { erp_id: 'A-1' } })
    expect(groups).toEqual([{ id: group.id, name: 'Wholesale' }])
    expect(notes).toEqual({ items: [{ text: 'Calls often', created_at: NOW.toISOString() }], more: false })
  })

  it(`has the newest ${EXPORTED_AT_MOST} notes, and says when there are more`, async () => {
    const all = Array.from({ length: EXPORTED_AT_MOST + 1 }, (_unused, index) => noteAbout(ada.id, `Note ${index}`))
    const { notes } = await exported(all)
    expect([notes.items.length, notes.items[0]?.text, notes.more]).toEqual([EXPORTED_AT_MOST, 'Note 0', true])
    expect((await exported(all.slice(1))).notes.more).toBe(false)
  })

  it('needs a recent proof of who asks for it', async () => {
    const late = { ...owner, proof: { ...PROOF, authTime: PROOF.authTime - 601 } }
    expect(await exportAccount(shopWith([]), late)).toMatchObject({ failure: { code: 'step_up_required' } })
  })
})
