/** A webhook endpoint on the wire. */
export type WebhookEndpointBody = {
  id: string
  url: string
  events: string[]
  description: string
  status: 'enabled' | 'disabled'
  disabled_reason: 'by_staff' | 'failing' | null
  failing_since: string | null
  former_secret_until: string | null
  created_at: string
  updated_at: string
  version: number
  /** Only of an endpoint that was made or whose secret was rotated. */
  secret: string
}

/** What was sent to an endpoint, and how it was answered. */
export type WebhookDeliveryBody = {
  id: string
  type: string
  status: 'pending' | 'delivered' | 'failed'
  attempts: number
  next_attempt_at: string | null
  created_at: string
  delivered_at: string | null
  request: { body: { id: string; type: string; key?: string; sequence: number; data: Record<string, unknown> } }
  response: { status: number; body: string } | null
  duration_ms: number | null
  failure: string | null
}
