import { SIGNED_IN } from '@shop/http/access'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { z } from 'zod'
import type { UsersApp } from '../../deps.ts'
import { enrolTotp } from '../enrol-totp.ts'
import { FactorName, FactorView, toFactorView } from './factor-view.ts'

const EnrolTotpBody = z.strictObject({ name: FactorName.optional() }).meta({ id: 'EnrolTotpRequest' })

const EnrolledTotpView = z
  .strictObject({
    factor: FactorView,
    secret: z
      .string()
      .meta({ description: 'Base32, to type. Shown once', example: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP' }),
    otpauth_uri: z.string().meta({ description: 'For a QR code. Shown once' }),
  })
  .meta({ id: 'EnrolledTotp' })

const route = createRoute({
  method: 'post',
  path: '/api/users/factors/totp',
  operationId: 'enrolTotp',
  tags: ['Factors'],
  summary: 'Begin to add an authenticator app',
  description: 'It protects nothing until it is confirmed. Beginning again replaces an app that was not confirmed.',
  access: SIGNED_IN,
  request: { body: jsonBody(EnrolTotpBody) },
  responses: {
    201: json('The app, to be confirmed by a code of it', EnrolledTotpView),
    ...problems(...BODY_PROBLEMS, 'step_up_required', 'too_many_factors'),
  },
})

export function addEnrolTotp(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const result = await enrolTotp(c.get('deps'), c.get('caller'), c.req.valid('json'))
    if (!result.ok) return problem(c, result.failure)
    const { factor, secret, otpauthUri } = result.value
    return c.json({ factor: toFactorView(factor), secret, otpauth_uri: otpauthUri }, 201)
  })
}
