import { SIGNED_IN } from '@shop/http/access'
import { versioned } from '@shop/http/conditional'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { z } from 'zod'
import type { UsersApp } from '../../deps.ts'
import { getProfile } from '../get-profile.ts'
import { toUserView, UserView } from './user-view.ts'

const ProfileView = z.strictObject({ user: UserView }).meta({ id: 'Profile' })

const route = createRoute({
  method: 'get',
  path: '/api/users/profile',
  operationId: 'getProfile',
  tags: ['Users'],
  summary: 'Show the account that is signed in',
  access: SIGNED_IN,
  responses: { 200: json('The account', ProfileView), ...problems() },
})

export function addGetProfile(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const result = await getProfile(c.get('deps'), c.get('caller'))
    if (!result.ok) return problem(c, result.failure)
    versioned(c, result.value.version)
    return c.json({ user: toUserView(result.value) }, 200)
  })
}
