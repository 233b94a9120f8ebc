/**
 * How long an answer is kept in Redis. Its stock may be that old, plus the age that caches in front of it add. Its other
 * facts are also checked against the version of the catalogue.
 */
export const KEEP_MS = 500

/** An answer with what is needed to check it when it is read. */
export type KeptAnswer = {
  key: string
  /** The version of the catalogue before the answer was read, so that a change in between invalidates it. */
  version: number
  /** When the read began, in milliseconds since the epoch. */
  readAt: number
  answer: unknown
}

/** A version as Redis returned it; undefined for anything else. */
export function versionOf(value: unknown): number | undefined {
  const version = typeof value === 'string' ? Number(value) : value
  return typeof version === 'number' && Number.isSafeInteger(version) && version > 0 ? version : undefined
}

/**
 * A kept answer, if it has this key and version and is not too old.
 *
 * @param at when the request began, in milliseconds since the epoch
 */
export function usableAnswer(
  kept: unknown,
  { key, version, at }: { key: string; version: number; at: number },
): { answer: unknown; ageMs: number } | undefined {
  if (!isKeptAnswer(kept) || kept.key !== key || kept.version !== version) return undefined
  const ageMs = at - kept.readAt
  return ageMs >= 0 && ageMs < KEEP_MS ? { answer: kept.answer, ageMs } : undefined
}

function isKeptAnswer(kept: unknown): kept is KeptAnswer {
  return typeof kept === 'object' && kept !== null && 'key' in kept && 'answer' in kept && 'readAt' in kept
}
