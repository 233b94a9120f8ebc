import { type DependencyFetch, dependencyFetch } from '@shop/http/dependency-fetch'
import { Unavailable } from '@shop/kernel/unavailable'
import type { VatId } from './domain/tax-terms.ts'

/** Who knows which VAT ids are registered. */
export type VatRegister = {
  /** @throws Unavailable when the register, or that of the member state, does not answer */
  has(vatId: Pick<VatId, 'country' | 'number'>): Promise<boolean>
}

/** VIES asks the member state, which may take long; a buyer does not wait longer. */
const TIMEOUT_MS = 2_000

/**
 * VIES, the register of VAT ids of the EU.
 *
 * Source: https://ec.europa.eu/taxation_customs/vies/#/technical-information, `check-vat-number`
 *
 * @param url of its REST interface, `https://ec.europa.eu/taxation_customs/vies/rest-api`
 */
export function viesRegister(
  url: string,
  send: DependencyFetch = dependencyFetch('vies', { timeoutMs: TIMEOUT_MS }),
): VatRegister {
  return {
    async has({ number }) {
      const response = await send(`${url}/check-vat-number`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        // The prefix of a Greek id is EL there, too.
        body: JSON.stringify({ countryCode: number.slice(0, 2), vatNumber: number.slice(2) }),
      })
      const answer: unknown = response.ok ? await response.json() : undefined
      if (typeof answer === 'object' && answer !== null && 'valid' in answer && typeof answer.valid === 'boolean') {
        return answer.valid
      }
      // It reports that a member state is down in an answer of its own, which has no such member.
      throw new Unavailable('vies', new Error(`VIES answered ${response.status}`))
    },
  }
}
