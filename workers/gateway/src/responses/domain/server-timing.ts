/**
 * Duration, round trips and cache of an answer, for the network panel of a browser.
 * Source: https://www.w3.org/TR/server-timing/
 */
export function serverTiming(durationMs: number, trips: Readonly<Record<string, number>>, cache?: string): string {
  const counts = Object.entries(trips).map(([dependency, count]) => `${dependency};desc="${count} trips"`)
  const source = cache === undefined ? [] : [`cache;desc="${cache}"`]
  return [`total;dur=${durationMs}`, ...counts, ...source].join(', ')
}
