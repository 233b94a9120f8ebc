import { SIGNED_IN } from '@shop/http/access'
import { MessageResponse } from '@shop/http/message'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import type { UsersApp } from '../../deps.ts'
import { logoutAll } from '../logout-all.ts'

const route = createRoute({
  method: 'post',
  path: '/api/users/logout-all',
  operationId: 'logoutAll',
  tags: ['Users'],
  summary: 'End all sessions of the account that is signed in, this one included',
  access: SIGNED_IN,
  responses: {
    200: json('The sessions have ended', MessageResponse),
    ...problems(),
  },
})

export function addLogoutAll(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const ended = await logoutAll(c.get('deps'), c.get('caller'))
    return ended.ok ? c.json({ message: 'Signed out everywhere' }, 200) : problem(c, ended.failure)
  })
}
