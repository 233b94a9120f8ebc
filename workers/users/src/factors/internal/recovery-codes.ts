import type { UserId } from '@shop/kernel/ids'
import { RECOVERY_CODE_BYTES, RECOVERY_CODES, recoveryCodeOf } from '../domain/recovery-code.ts'
import { recoveryCodeHash } from './check-factor.ts'

/** Codes to show once, and what is stored of them. */
export async function newRecoveryCodes(
  randomBytes: (length: number) => Uint8Array,
  userId: UserId,
): Promise<{ codes: string[]; codeHashes: string[] }> {
  const codes = Array.from({ length: RECOVERY_CODES }, () => recoveryCodeOf(randomBytes(RECOVERY_CODE_BYTES)))
  const codeHashes = await Promise.all(codes.map((code) => recoveryCodeHash(userId, code)))
  return { codes, codeHashes }
}
