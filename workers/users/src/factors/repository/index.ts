import type { Db } from '@shop/db/client'
import { sessions } from '@shop/db/schema/users'
import type { SessionId } from '@shop/kernel/ids'
import type { Proof } from '@shop/kernel/proof'
import { and, eq, isNull } from 'drizzle-orm'
import { factorRepository } from './factors.ts'
import { mfaTokenRepository } from './mfa-tokens.ts'
import { proofRow } from './proof.ts'
import { recoveryCodeRepository } from './recovery-codes.ts'
import { factorUseRepository } from './uses.ts'

/** Second factors in Postgres, and everything that is short-lived about them. */
export const factorRepositories = (db: Db) => ({
  factors: factorRepository(db),
  factorUses: factorUseRepository(db),
  recoveryCodes: recoveryCodeRepository(db),
  mfaTokens: mfaTokenRepository(db),
  /** The proofs of sessions. */
  proofs: {
    /** Saves the last proof of a session, for the access tokens to come. @returns false when the session has ended */
    async save(sessionId: SessionId, proof: Proof): Promise<boolean> {
      const saved = await db
        .update(sessions)
        .set(proofRow(proof))
        .where(and(eq(sessions.id, sessionId), isNull(sessions.endedAt)))
        .returning({ id: sessions.id })
      return saved.length === 1
    },
  },
})

export type FactorRepositories = ReturnType<typeof factorRepositories>
