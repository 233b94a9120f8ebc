/** What staff and keys are, as the API shows it. */
export type InvitationBody = {
  id: string
  email: string
  role: string
  status: string
  invited_by: string
  created_at: string
  expires_at: string
}

export type ApiKeyBody = {
  id: string
  kind: string
  name: string
  hint: string
  scopes: string[]
  created_by: string
  created_at: string
  expires_at: string | null
  last_used_at: string | null
  revoked_at: string | null
}

export type AuditEntryBody = {
  id: string
  at: string
  actor_id: string
  role: string | null
  method: string
  operation: string | null
  path: string | null
  resource_id: string | null
  created_id: string | null
  request_id: string
  status: number | null
}
