import { sessions } from '@shop/db/schema/users'
import type { AuthMethod, Proof } from '@shop/kernel/proof'

/** The proof in the row of a session. */
export const PROOF_COLUMNS = { amr: sessions.amr, authTime: sessions.authTime }

export const proofRow = ({ amr, authTime }: Proof) => ({ amr: [...amr], authTime: new Date(authTime * 1_000) })

export const toProof = ({ amr, authTime }: { amr: AuthMethod[]; authTime: Date }): Proof => ({
  amr,
  authTime: authTime.getTime() / 1_000,
})
