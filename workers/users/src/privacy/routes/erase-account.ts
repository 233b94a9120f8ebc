import { SIGNED_IN } from '@shop/http/access'
import { MessageResponse } from '@shop/http/message'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import type { UsersApp } from '../../deps.ts'
import { eraseAccount } from '../erase-account.ts'

/** What happens to the data, for the descriptions of both calls. */
export const ERASURE =
  'The account is deleted at once, with its addresses, sessions, factors, API keys, memberships in groups, and the notes about ' +
  'it. Access tokens write nothing any more, and read for at most another minute. Carts, saved cards and the personal data of orders that are shipped, ' +
  'refunded or cancelled are deleted within minutes; those of other orders once they are. Orders keep what tax law requires: ' +
  'lines, amounts, taxes, and the country, region and postal area of the address. It cannot be undone.'

const route = createRoute({
  method: 'delete',
  path: '/api/users/me',
  operationId: 'eraseAccount',
  tags: ['Users'],
  summary: 'Erase the account that is signed in',
  description: `${ERASURE} Needs a sign-in or a step-up within the last ten minutes.`,
  access: SIGNED_IN,
  responses: {
    200: json('The account was erased', MessageResponse),
    ...problems('step_up_required', 'last_admin'),
  },
})

export function addEraseAccount(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const erased = await eraseAccount(c.get('deps'), c.get('caller'))
    return erased.ok ? c.json({ message: 'Account erased' }, 200) : problem(c, erased.failure)
  })
}
