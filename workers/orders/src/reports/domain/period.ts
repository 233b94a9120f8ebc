const DAY_MS = 86_400_000

/** The most days of one report: a year, or one that begins in a leap year. */
export const MAX_DAYS = 366

/** Days of a calendar, from `from` up to and without `to`. */
export type Period = { from: string; to: string; timeZone: string }

/** Whether it has more than {@link MAX_DAYS} days. */
export function isTooLong({ from, to }: Pick<Period, 'from' | 'to'>): boolean {
  return Date.parse(to) - Date.parse(from) > MAX_DAYS * DAY_MS
}

/**
 * Whether the text names a time zone of the IANA database. Offsets such as `+01:00` are none: Postgres reads their sign the
 * other way round.
 */
export function isTimeZone(text: string): boolean {
  if (text === 'UTC') return true
  if (!/^[A-Z][A-Za-z_]+(\/[A-Z][A-Za-z_+-]*[0-9]{0,2}){1,2}$/.test(text)) return false
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
