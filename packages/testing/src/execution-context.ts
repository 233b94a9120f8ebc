/** For an app that a test calls without the platform: what it continues after its answer is left to itself. */
export const EXECUTION_CONTEXT = {
  waitUntil: () => {},
  passThroughOnException: () => {},
  props: {},
} as unknown as ExecutionContext
