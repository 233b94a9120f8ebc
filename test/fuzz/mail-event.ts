import fc from 'fast-check'
import type { Draft } from './draft.ts'
import { oddValue } from './odd-values.ts'
import type { Json } from './schema.ts'
import type { Draw } from './valid-values.ts'

const TYPES = ['email.bounced', 'email.complained', 'email.delivered', 'email.never_heard_of']

/** Events that the mail provider could send, about an address that is known or not, with a good signature or none. */
export const mailEvent: fc.Arbitrary<Draw<Pick<Draft, 'json' | 'signer'>>> = fc
  .record({
    type: fc.oneof({ weight: 5, arbitrary: fc.constantFrom<Json>(...TYPES) }, oddValue),
    bounce: fc.constantFrom('Permanent', 'Transient', undefined),
    pick: fc.nat({ max: 999 }),
    other: fc.option(oddValue, { freq: 3, nil: undefined }),
    isSigned: fc.integer({ min: 0, max: 4 }).map((n) => n > 0),
  })
  .map(({ type, bounce, pick, other, isSigned }) => (memory) => {
    const to = other ?? [memory.value('email', 'string', pick) ?? 'nobody@example.com']
    const data: Json = { to, ...(bounce !== undefined && { bounce: { type: bounce } }) }
    return { json: { type, created_at: '2026-11-30T12:00:00Z', data }, signer: isSigned ? 'resend' : undefined }
  })
