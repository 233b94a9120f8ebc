import { InvocationSettings } from '@shop/http/invocation'
import { ObjectSettings } from '@shop/http/objects'
import { z } from 'zod'

/** At least 128 bits when generated at random. */
const secret = z.string().min(32)

const url = z.url({ protocol: /^https?$/ })

/** A path of the storefront or the admin pages, with what is filled in as `{name}`. */
const path = (name: 'id' | 'token') =>
  z.string().regex(new RegExp(`^/.*\\{${name}\\}`), `must begin with / and contain {${name}}`)

/** An address, or a name and an address in angle brackets; one line. */
const sender = z
  .string()
  .regex(/^(?:[^<>\r\n]* <)?[^\s<>@]+@[^\s<>@]+>?$/, 'must be an address, or a name and <address>')

/** The worker's settings. Bindings to services and objects are typed by `wrangler types`. */
export const NotificationsSettings = z
  .object({
    /** `development`: webhooks go to this machine only. */
    ENVIRONMENT: z.string().min(1),
    NOTIFICATIONS_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
    NEON_FETCH_ENDPOINT: z.string(),
    /** Who sends mails; `none` for a shop that sends none. */
    MAIL_DRIVER: z.enum(['resend', 'cloudflare', 'none']),
    MAIL_FROM: sender,
    /** Empty for Resend itself. The local shop, which gets no optional secret, has its two keys in it. */
    MAIL_BASE_URL: z.union([z.literal(''), url]),
    RESEND_API_KEY: z.string().min(1).optional(),
    RESEND_WEBHOOK_SECRET: z.string().startsWith('whsec_').optional(),
    MAIL_ADDRESS_SECRET: secret,
    /** Encrypts what signs webhooks. */
    WEBHOOK_SEALING_SECRET: secret,
    /** The next one, during rotation: it encrypts from now on, and WEBHOOK_SEALING_SECRET only decrypts. */
    WEBHOOK_SEALING_SECRET_NEXT: secret.optional(),
    STOREFRONT_URL: url,
    LINK_ORDER: path('id'),
    LINK_VERIFY_EMAIL: path('token'),
    LINK_RESET_PASSWORD: path('token'),
    LINK_CONFIRM_EMAIL: path('token'),
    ADMIN_URL: url,
    LINK_INVITATION: path('token'),
    ...ObjectSettings.shape,
    ...InvocationSettings.shape,
  })
  .transform((settings) => ({ ...settings, resend: resendAccess(settings) }))
  .refine(({ MAIL_DRIVER, resend }) => MAIL_DRIVER !== 'resend' || resend.apiKey !== undefined, {
    path: ['RESEND_API_KEY'],
  })
export type NotificationsSettings = z.output<typeof NotificationsSettings>

export type ResendAccess = {
  baseUrl: string
  apiKey: string | undefined
  /** Without it no webhook is accepted. */
  webhookSecret: string | undefined
}

const RESEND = 'https://api.resend.com'

/** The keys are secrets, or, for the local shop, the user and the password in the URL of its emulator. */
function resendAccess(settings: {
  MAIL_BASE_URL: string
  RESEND_API_KEY?: string | undefined
  RESEND_WEBHOOK_SECRET?: string | undefined
}): ResendAccess {
  const base = new URL(settings.MAIL_BASE_URL || RESEND)
  const { username, password } = base
  base.username = ''
  base.password = ''
  return {
    baseUrl: base.href.replace(/\/$/, ''),
    apiKey: settings.RESEND_API_KEY ?? (decodeURIComponent(password) || undefined),
    webhookSecret: settings.RESEND_WEBHOOK_SECRET ?? (decodeURIComponent(username) || undefined),
  }
}
