/**
 * How long an answer is kept outside. Its stock may be that old, and older by what the caches before it add; its other
 * facts are held to the version as well.
 */
export const KEEP_MS = 500

/** An answer with what it needs to be believed later. */
export type KeptAnswer = {
  key: string
  /** The version of the catalogue from before the answer was read, so that a change in between makes it worthless. */
  version: number
  /** When it began to be read, in milliseconds since the epoch. */
  readAt: number
  answer: unknown
}

/** A version as Redis gave it; undefined for anything that is none. */
export function versionOf(value: unknown): number | undefined {
  const version = typeof value === 'string' ? Number(value) : value
  return typeof version === 'number' && Number.isSafeInteger(version) && version > 0 ? version : undefined
}

/**
 * What is kept, if it is about this key, of this version, and not too old.
 *
 * @param at when the question began, in milliseconds since the epoch
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
