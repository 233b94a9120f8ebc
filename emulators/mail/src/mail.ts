/** A mail as it was sent. */
export interface Mail {
  id: string
  /** RFC 3339. */
  sentAt: string
  /** The API that took it. */
  via: 'resend' | 'send_email'
  from: string
  to: string[]
  cc: string[]
  bcc: string[]
  replyTo: string[]
  subject: string
  html: string | null
  text: string | null
  headers: Record<string, string>
  /** How the same request is recognized. Null for a request without a key. */
  idempotency: { key: string; bodyHash: string } | null
}

/** The address of `Ada <ada@example.com>`, in lower case. */
export function addressOf(recipient: string): string {
  return (/<([^<>]+)>\s*$/.exec(recipient)?.[1] ?? recipient).trim().toLowerCase()
}
