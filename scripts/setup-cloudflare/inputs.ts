import { askHidden } from './ask.ts'

/** Inputs that only the user has, with a hint for each. */
const HINTS: Record<string, string> = {
  MIGRATION_DATABASE_URL: 'the direct (not pooled) URL of the database owner',
  STRIPE_SECRET_KEY: 'from dashboard.stripe.com/apikeys',
  RESEND_API_KEY: 'from resend.com/api-keys',
  RESEND_WEBHOOK_SECRET: 'of the endpoint /api/webhooks/mail/resend, from resend.com/webhooks',
  SHOP_URL: 'the URL of the shop, such as https://shop.example.com',
}

const describe = (name: string) => (HINTS[name] === undefined ? name : `${name} (${HINTS[name]})`)

/**
 * Reads each value from the environment, or asks for it.
 *
 * @throws Error that names all missing values when there is no terminal
 */
export async function collect(
  names: Iterable<string>,
  env: NodeJS.ProcessEnv,
  ask: ((question: string) => Promise<string>) | undefined,
): Promise<Map<string, string>> {
  const wanted = [...new Set(names)]
  const missing = wanted.filter((name) => !env[name])
  if (missing.length > 0 && ask === undefined) {
    const list = missing.map((name) => `  ${describe(name)}`).join('\n')
    throw new Error(`Missing environment variables (there is no terminal to ask for them):\n${list}`)
  }
  const values = new Map<string, string>()
  for (const name of wanted) {
    const value = env[name] || (await ask?.(describe(name)))
    if (!value) throw new Error(`${name} must not be empty`)
    values.set(name, value)
  }
  return values
}

/** Undefined without an interactive terminal. */
export const terminalAsk = (): typeof askHidden | undefined =>
  process.stdin.isTTY && process.stdout.isTTY ? askHidden : undefined
