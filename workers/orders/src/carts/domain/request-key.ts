/** A key of a request: what it was sent with, and what it led to where that has to be known. */
export type RequestKey = { key: string; requestHash: string; subject?: string | null }
