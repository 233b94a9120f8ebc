import { type Platform, type PlatformOptions, startPlatform } from '@shop/testing/platform'
import { type Account, type Shop, shopOf } from '@shop/testing/shop'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'

/** For all tests of a file: a platform, an administrator, a customer. Each test makes its own products and orders. */
export type Stage = { platform: Platform; shop: Shop; admin: Account; customer: Account }

/** Where Cloudflare would have refused a call, or soon would: the shop repeats the work, so its tests could pass. */
const EXCEEDED = ['invocation_limit_exceeded', 'invocation_calls_high']

/**
 * Starts a platform before the tests of a file and stops it after them. The members are set once tests run.
 *
 * With `PLATFORM_LOGS=1` a failing test prints the workers' logs.
 */
export function usePlatform(options: PlatformOptions = {}): Stage {
  let platform: Platform | undefined
  // The last hook comes first, so this one comes after the check of the logs.
  afterAll(async () => {
    await platform?.stop()
  })
  return useStage(async () => {
    platform = await startPlatform(options)
    return platform
  })
}

const shared = new Map<string, Promise<Platform>>()

/** Pages of these origins may call a shared platform. */
export const SHARED_ORIGIN = 'https://store.example.com'
export const OTHER_SHARED_ORIGIN = 'https://shop.example.com'

/** Calls to Stripe count as lost after a second, and open payments are checked each second. */
export const QUICK_CHECKS: PlatformOptions = { attemptSeconds: 1, paymentCheckSeconds: 1 }

/**
 * A platform for all files of this process that ask for these options, since starting one takes seconds. It ends with the
 * process.
 *
 * Such a file leaves nothing that changes what others see: no automatic promotion, tax rate or shipping zone, no webhook
 * endpoint, no fault. It asserts nothing about the shop as a whole, such as its last administrator or all of its audit log.
 */
export function useSharedPlatform(options: PlatformOptions = {}): Stage {
  return useStage(() => {
    const key = JSON.stringify(options)
    const platform =
      shared.get(key) ?? startPlatform({ corsOrigins: `${SHARED_ORIGIN}, ${OTHER_SHARED_ORIGIN}`, ...options })
    shared.set(key, platform)
    return platform
  })
}

/** The administrator and the customer are of the file alone. */
function useStage(start: () => Promise<Platform>): Stage {
  // Set by beforeAll; only tests read it.
  const stage = {} as Stage
  beforeAll(async () => {
    stage.platform = await start()
    stage.platform.clearLogs()
    stage.shop = shopOf(stage.platform)
    const [admin, customer] = await Promise.all([stage.shop.signUpAdmin(), stage.shop.signUp()])
    Object.assign(stage, { admin, customer })
  })
  afterEach(({ task }) => {
    if (process.env.PLATFORM_LOGS && task.result?.state === 'fail') stage.platform?.debug()
  })
  afterAll(() => {
    const logs = stage.platform?.logs() ?? []
    expect(logs.filter((line) => EXCEEDED.some((event) => line.includes(`"${event}"`)))).toEqual([])
  })
  return stage
}

/** Signs up a new customer for each test of the file, where one for all would exceed the per-user rate limit. */
export function useFreshCustomer(stage: Stage): void {
  beforeEach(async () => {
    stage.customer = await stage.shop.signUp()
  })
}
