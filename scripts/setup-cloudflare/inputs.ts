import { askHidden } from './ask.ts'

/** What must come from outside, with what to say of it. */
export const HINTS: Record<string, string> = {
  MIGRATION_DATABASE_URL: 'the direct (not pooled) URL of the owner of the database',
  STRIPE_SECRET_KEY: 'from dashboard.stripe.com/apikeys',
  SHOP_URL: 'where the shop will be reached, such as https://shop.example.com',
}

const describe = (name: string) => (HINTS[name] === undefined ? name : `${name} (${HINTS[name]})`)

/**
 * Takes each from the environment, or asks for it.
 *
 * @throws Error that names all that are missing when there is nobody to ask
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
    throw new Error(`Missing in the environment, and there is no terminal to ask at:\n${list}`)
  }
  const values = new Map<string, string>()
  for (const name of wanted) {
    const value = env[name] || (await ask?.(describe(name)))
    if (!value) throw new Error(`${name} must not be empty`)
    values.set(name, value)
  }
  return values
}

/** Asking is possible where a person sits at both ends. */
export const terminalAsk = (): typeof askHidden | undefined =>
  process.stdin.isTTY && process.stdout.isTTY ? askHidden : undefined
