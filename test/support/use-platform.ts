import { type Platform, type PlatformOptions, startPlatform } from '@shop/testing/platform'
import { type Account, type Shop, shopOf } from '@shop/testing/shop'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'

/** What every test of a file shares: one platform, one administrator, one customer. Products and orders are its own. */
export type Stage = { platform: Platform; shop: Shop; admin: Account; customer: Account }

/**
 * Starts a platform before the tests of a file and stops it after them. The members are there once tests run.
 *
 * With `PLATFORM_LOGS=1` a test that fails prints what the workers have logged.
 */
export function usePlatform(options: PlatformOptions = {}): Stage {
  // Filled in by beforeAll, and only tests read it.
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

/** A customer of its own for each test of the file, where one for all would ask more often than a user may. */
export function useFreshCustomer(stage: Stage): void {
  beforeEach(async () => {
    stage.customer = await stage.shop.signUp()
  })
}
