import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { BUILD } from '@shop/local-environment/bundles'
import type { Platform } from '@shop/testing/platform'

/** Any object of the class: they share the isolate, and so the switch. */
const SWITCH = 'switch'

/** @param deployed what the bundle calls the class */
const faulty = (deployed: string) => `
let isAway = false

class FaultyRevocationObject extends ${deployed} {
  setAway(away) {
    isAway = away
  }

  isEnded(credentialId) {
    return isAway ? Promise.reject(new Error('away')) : super.isEnded(credentialId)
  }

  end(credentialIds) {
    return isAway ? Promise.reject(new Error('away')) : super.end(credentialIds)
  }
}
`

/**
 * Makes a copy of the bundle of users in which every revocation object can be made to fail, for the option `bundles` of a
 * platform. All else is as it is deployed.
 */
export function usersWithFault(): string {
  const folder = join(BUILD, '..', 'users-with-fault')
  cpSync(join(BUILD, 'users'), folder, { recursive: true })
  const bundle = readFileSync(join(folder, 'index.js'), 'utf8')
  const [exported, deployed] = /([\w$]+) as RevocationObject\b/.exec(bundle) ?? []
  if (exported === undefined || deployed === undefined) throw new Error('The bundle exports no RevocationObject')
  const changed = bundle.replace(exported, 'FaultyRevocationObject as RevocationObject')
  writeFileSync(join(folder, 'index.js'), `${changed}\n${faulty(deployed)}`)
  return folder
}

/** Makes all revocation objects fail, or answer again, for the gateway and for users alike. */
export async function setRevocationsAway(platform: Platform, away: boolean): Promise<void> {
  const { REVOCATIONS } = await platform.bindingsOf('users')
  // The class of the bundle above.
  const objects = REVOCATIONS as { getByName(name: string): { setAway(away: boolean): Promise<void> } }
  await objects.getByName(SWITCH).setAway(away)
}
