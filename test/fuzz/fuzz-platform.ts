import type { PlatformOptions } from '@shop/testing/platform'

/** Settings of a shop that many sequences use at once: lost calls are resumed soon. */
export const FUZZ_PLATFORM: PlatformOptions = { attemptSeconds: 2, paymentCheckSeconds: 2 }
