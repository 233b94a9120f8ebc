import { text } from '@shop/kernel/text'
import { z } from 'zod'
import type { CreatedPasskey } from '../add-passkey.ts'
import type { PasskeyAnswer } from '../login-with-passkey.ts'
import type { PasskeyCreationOptions } from '../start-passkey.ts'
import type { PasskeyRequestOptions } from '../start-passkey-login.ts'

const base64Url = (max: number) => text(1, max).regex(/^[\w-]+$/, 'must be base64url')
const EXAMPLE_ID = 'c2hvcC1leGFtcGxlLWNyZWRlbnRpYWwtaWQ'

/** What every answer of an authenticator has. Browsers add members of newer specifications, so unknown ones are ignored. */
const Credential = z.looseObject({
  id: base64Url(1_400).meta({ example: EXAMPLE_ID }),
  rawId: base64Url(1_400).meta({ example: EXAMPLE_ID }),
  type: z.literal('public-key'),
})

const SHAPE = 'What `toJSON()` of the `PublicKeyCredential` returns'

/** Source: https://www.w3.org/TR/webauthn-3/#dictdef-registrationresponsejson */
const CreatedCredential = Credential.extend({
  response: z.looseObject({
    clientDataJSON: base64Url(8_000),
    attestationObject: base64Url(64_000),
    transports: z.array(text(1, 32)).max(16).optional(),
  }),
}).meta({ id: 'CreatedPasskey', description: SHAPE })

/** Source: https://www.w3.org/TR/webauthn-3/#dictdef-authenticationresponsejson */
const AnsweringCredential = Credential.extend({
  response: z.looseObject({
    clientDataJSON: base64Url(8_000),
    authenticatorData: base64Url(8_000),
    signature: base64Url(8_000),
    userHandle: base64Url(200).nullish(),
  }),
}).meta({ id: 'PasskeyAnswer', description: SHAPE })

export const CreatedPasskeyField = CreatedCredential.transform(
  // The library types what it does not read, such as extensions, more narrowly than it checks.
  (created) => ({ clientExtensionResults: {}, ...created }) as unknown as CreatedPasskey,
)
export const PasskeyAnswerField = AnsweringCredential.transform(
  (answer) => ({ clientExtensionResults: {}, ...answer }) as unknown as PasskeyAnswer,
)

const Descriptor = z.strictObject({
  id: z.string(),
  type: z.literal('public-key'),
  transports: z.array(z.string()).optional(),
})

/** Source: https://www.w3.org/TR/webauthn-3/#dictdef-publickeycredentialcreationoptionsjson */
const CreationOptions = z
  .looseObject({
    challenge: z.string(),
    rp: z.strictObject({ id: z.string().meta({ example: 'shop.example.com' }), name: z.string() }),
    user: z.strictObject({ id: z.string(), name: z.string(), displayName: z.string() }),
    pubKeyCredParams: z.array(z.strictObject({ type: z.literal('public-key'), alg: z.int() })),
    excludeCredentials: z.array(Descriptor),
    timeout: z.int(),
  })
  .meta({ id: 'PasskeyCreationOptions' })

/** Source: https://www.w3.org/TR/webauthn-3/#dictdef-publickeycredentialrequestoptionsjson */
const RequestOptions = z
  .looseObject({
    challenge: z.string(),
    rpId: z.string().meta({ example: 'shop.example.com' }),
    allowCredentials: z.array(Descriptor).optional(),
    userVerification: z.enum(['required', 'preferred']),
    timeout: z.int(),
  })
  .meta({ id: 'PasskeyRequestOptions' })

export const CreationOptionsView = z
  .strictObject({ options: CreationOptions })
  .meta({ id: 'PasskeyCreation', description: 'For `PublicKeyCredential.parseCreationOptionsFromJSON`' })
export const RequestOptionsView = z
  .strictObject({ options: RequestOptions })
  .meta({ id: 'PasskeyRequest', description: 'For `PublicKeyCredential.parseRequestOptionsFromJSON`' })

// Options belong to the library, and pass unchanged to the client's authenticator.
export const toCreationOptionsView = (options: PasskeyCreationOptions) =>
  ({ options }) as unknown as z.infer<typeof CreationOptionsView>
export const toRequestOptionsView = (options: PasskeyRequestOptions) =>
  ({ options }) as unknown as z.infer<typeof RequestOptionsView>
