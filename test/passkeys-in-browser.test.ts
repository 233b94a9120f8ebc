import { type Platform, startPlatform } from '@shop/testing/platform'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findChromium } from './support/find-chromium.ts'
import { type StorefrontPage, startStorefrontPage } from './support/storefront-page.ts'

const executablePath = findChromium()

describe.skipIf(executablePath === undefined)(
  `a passkey in a browser${executablePath === undefined ? ' (skipped: no Chromium in PATH or CHROMIUM_PATH)' : ''}`,
  () => {
    let storefront: StorefrontPage
    let platform: Platform
    let browser: Browser
    let page: Page

    beforeAll(async () => {
      storefront = await startStorefrontPage()
      const { origin } = storefront
      platform = await startPlatform({ corsOrigins: origin, vars: { RP_ID: 'localhost', RP_ORIGINS: origin } })
      // Chromium needs its sandbox off where the tests run as root, as in a container.
      browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] })
      page = await browser.newPage()
      await addAuthenticator(page)
      await page.goto(`${origin}/?api=${encodeURIComponent(platform.url)}`)
      await page.fill('#email', 'ada@example.com')
      await page.fill('#password', 'a long enough passphrase')
    })
    afterAll(async () => {
      await browser?.close()
      await platform?.stop()
      await storefront?.stop()
    })

    async function click(button: string): Promise<string | null> {
      await page.click(`#${button}`)
      await page.waitForFunction(() => document.querySelector('#answer')?.textContent !== '')
      return page.textContent('#answer')
    }

    it('is added by a signed-in customer, who gets recovery codes', async () => {
      expect(await click('register')).toBe('registered ada@example.com')
      expect(await click('add')).toBe('added passkey with 10 codes')
    })

    it('signs in without an e-mail address or a password', async () => {
      expect(await click('sign-in')).toBe('signed in ada@example.com')
    })

    it('is the second factor after the password', async () => {
      expect(await click('login')).toBe('signed in ada@example.com after passkey,recovery_code')
    })
  },
)

/** The authenticator of a computer or phone, which finds its passkeys and says that it has verified its user. */
async function addAuthenticator(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('WebAuthn.enable')
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
}
