/** The outbox row of a change: its key, and when the sweep takes it over. */
export type Announcement = { key: string; firstAttemptAt: Date }

/** Longer than a write takes, so that the sweep does not announce the same change at the same time. */
const SWEEP_AFTER_MS = 10_000

/** @param key unique */
export function newAnnouncement(key: string, now: Date): Announcement {
  return { key, firstAttemptAt: new Date(now.getTime() + SWEEP_AFTER_MS) }
}
