import type { Position } from '@shop/kernel/pagination'

/** The position after the last row of a sweep's batch, as text: an instant, a space and an id. */
export const positionText = (at: Date, id: string): string => `${at.toISOString()} ${id}`

/** @param text made by {@link positionText} */
export function positionIn(text: string): Position {
  const end = text.indexOf(' ')
  return { sortKey: text.slice(0, end), id: text.slice(end + 1) }
}
