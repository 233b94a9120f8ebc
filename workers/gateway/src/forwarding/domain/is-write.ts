const READS = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Whether a request may change something, by its method. */
export const isWrite = (method: string): boolean => !READS.has(method)
