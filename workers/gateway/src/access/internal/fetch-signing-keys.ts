import { Unavailable } from '@shop/kernel/unavailable'
import type { Upstream } from '../../env.ts'
import { askUpstream } from '../../forwarding/ask-upstream.ts'

const KEYS_URL = 'https://users.internal/.well-known/jwks.json'
const TIMEOUT_MS = 2_000

/** The JWKS document of users. @throws Unavailable when users does not answer with one */
export async function fetchSigningKeys(users: Upstream): Promise<unknown> {
  const response = await askUpstream(users, 'users', new Request(KEYS_URL), TIMEOUT_MS)
  if (response.status !== 200) throw new Unavailable('users')
  return response.json()
}
