interface Sliceable<T> {
  readonly length: number
  slice(start: number, end: number): T
}

/** From `start` to `end`, both included; negative ones count from the end. */
export function inclusiveSlice<T>(whole: Sliceable<T>, start: number, end: number): T {
  const from = start < 0 ? start + whole.length : start
  const to = end < 0 ? end + whole.length : end
  return whole.slice(Math.max(0, from), Math.max(0, to + 1))
}
