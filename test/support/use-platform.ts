import { type Platform, type PlatformOptions, startPlatform } from '@shop/testing/platform'
import { type Account, type Shop, shopOf } from '@shop/testing/shop'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'

/**
 * Shared by all tests of a file: one platform, one administrator, one customer. Each test makes its own products and
 * orders.
 */
export type Stage = { platform: Platform; shop: Shop; admin: Account; customer: Account }

/**
 * Starts a platform before the tests of a file and stops it after them. The members are set once tests run.
 *
 * With `PLATFORM_LOGS=1` a failing test prints the workers' logs.
 */
export function usePlatform(options: PlatformOptions = {}): Stage {
  // Set by beforeAll; only tests read it.
  const stage = {} as Stage
  beforeAll(async () => {
    stage.platform = await startPlatform(options)
    stage.shop = shopOf(stage.platform)
    const [admin, customer] = await Promise.all([stage.shop.signUpAdmin(), stage.shop.signUp()])
    Object.assign(stage, { admin, customer })
  })
  afterEach(({ task }) => {
    if (process.env.PLATFORM_LOGS && task.result?.state === 'fail') stage.platform?.debug()
  })
  afterAll(() => stage.platform?.stop())
  return stage
}

/** Signs up a new customer for each test of the file, where one for all would exceed the per-user rate limit. */
export function useFreshCustomer(stage: Stage): void {
  beforeEach(async () => {
    stage.customer = await stage.shop.signUp()
  })
}
