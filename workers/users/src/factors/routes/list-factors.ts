import { SIGNED_IN } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { z } from 'zod'
import type { UsersApp } from '../../deps.ts'
import { listFactors } from '../list-factors.ts'
import { FactorView, toFactorView } from './factor-view.ts'

const FactorsView = z
  .strictObject({
    factors: z.array(FactorView),
    recovery_codes_left: z.int().meta({ description: 'How many recovery codes are not used', example: 10 }),
  })
  .meta({ id: 'Factors' })

const route = createRoute({
  method: 'get',
  path: '/api/users/factors',
  operationId: 'listFactors',
  tags: ['Factors'],
  summary: 'List the second factors of the account that is signed in',
  access: SIGNED_IN,
  responses: { 200: json('All of them; an account has a few', FactorsView), ...problems() },
})

export function addListFactors(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const result = await listFactors(c.get('deps'), c.get('caller'))
    if (!result.ok) return problem(c, result.failure)
    const { factors, recoveryCodesLeft } = result.value
    return c.json({ factors: factors.map(toFactorView), recovery_codes_left: recoveryCodesLeft }, 200)
  })
}
