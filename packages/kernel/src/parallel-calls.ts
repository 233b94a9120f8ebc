/**
 * How many calls of other systems a Worker makes at once. It has six connections at a time; further calls would wait for one
 * with their timeouts running.
 */
export const PARALLEL_CALLS = 5
