/** A second factor on the wire. */
export type FactorBody = {
  id: string
  type: 'totp' | 'passkey'
  name: string | null
  created_at: string
  confirmed_at: string | null
  last_used_at: string | null
}

/** Members of the answers about second factors and sign-ins with one. */
export type FactorMembers = {
  factor: FactorBody
  factors: FactorBody[]
  secret: string
  otpauth_uri: string
  recovery_codes: string[] | null
  recovery_codes_left: number
  /** Of a reset of somebody's factors. */
  removed: number
  mfa_required: true
  mfa_token: string
  methods: string[]
  max_age: number
  /** For the authenticator of a passkey. */
  options: { challenge: string; allowCredentials?: { id: string }[]; userVerification: string }
}
