import { phoneOf } from '@shop/addresses/phone'
import { SIGNED_IN } from '@shop/http/access'
import { expectedVersions, versioned } from '@shop/http/conditional'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { LocaleField } from '@shop/kernel/locale'
import { text } from '@shop/kernel/text'
import { IfMatchHeader } from '@shop/kernel/versions'
import { SHOP } from '@shop/settings/shop'
import { z } from 'zod'
import type { UsersApp } from '../../deps.ts'
import { updateProfile } from '../update-profile.ts'
import { toUserView, UserView } from './user-view.ts'

const Phone = z
  .string()
  .min(1)
  .max(40)
  .transform((number, context) => {
    const found = phoneOf(number, SHOP.country)
    if (found !== undefined) return found
    context.addIssue({ code: 'custom', message: 'is not a phone number, or has an extension' })
    return z.NEVER
  })
  .meta({
    description: 'In international form, or as it is dialled in the country of the shop; kept in E.164',
    example: '+12175550142',
  })

const UpdateProfileBody = z
  .strictObject({
    name: text(1, 200).nullish().meta({ example: 'Ada Lovelace' }),
    locale: LocaleField.nullish(),
    phone: Phone.nullish(),
    marketing_consent: z.boolean().optional().meta({ description: 'Whether the shop may send advertisements' }),
  })
  .meta({
    id: 'UpdateProfileRequest',
    description: 'A merge patch (RFC 7396): omitted fields stay as they are, null removes',
  })

const ProfileWithMessage = z
  .strictObject({ user: UserView, message: z.string().meta({ example: 'Account updated' }) })
  .meta({ id: 'ProfileWithMessage' })

const route = createRoute({
  method: 'patch',
  path: '/api/users/profile',
  operationId: 'updateProfile',
  tags: ['Users'],
  summary: 'Change the account that is signed in',
  access: SIGNED_IN,
  request: { headers: z.object({ 'if-match': IfMatchHeader }), body: jsonBody(UpdateProfileBody) },
  responses: {
    200: json('The account as it is now', ProfileWithMessage),
    ...problems(...BODY_PROBLEMS, 'version_conflict'),
  },
})

export function addUpdateProfile(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const versions = expectedVersions(c)
    if (!versions.ok) return problem(c, versions.failure)
    const { marketing_consent: marketingConsent, ...others } = c.req.valid('json')
    const request = { changes: { ...others, marketingConsent }, versions: versions.value }
    const result = await updateProfile(c.get('deps'), c.get('caller'), request)
    if (!result.ok) return problem(c, result.failure)
    versioned(c, result.value.version)
    return c.json({ user: toUserView(result.value), message: 'Account updated' }, 200)
  })
}
