import { spawn } from 'node:child_process'
import { ROOT } from './configs.ts'

export type WranglerAnswer = { code: number; stdout: string; stderr: string }

/**
 * Runs wrangler without a terminal, so that it asks nothing.
 *
 * `input` is its standard input: the way for secrets, which must not be on a command line, where any process can read
 * them.
 */
export type Wrangler = (args: string[], input?: string) => Promise<WranglerAnswer>

export const wrangler: Wrangler = (args, input) =>
  new Promise((resolve, reject) => {
    const child = spawn('wrangler', args, {
      cwd: ROOT,
      env: { ...process.env, WRANGLER_SEND_METRICS: 'false' },
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    })
    let stdout = ''
    let stderr = ''
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    child.once('error', reject)
    child.once('close', (code) => resolve({ code: code ?? 1, stdout, stderr }))
    // A wrangler that ends without reading tells more by its exit code than by the broken pipe.
    child.stdin?.on('error', () => {})
    child.stdin?.end(input)
  })

/** @throws Error with what wrangler said, when it failed */
export async function succeed(run: Wrangler, args: string[], input?: string): Promise<string> {
  const answer = await run(args, input)
  if (answer.code !== 0) throw new Error(`wrangler ${args.join(' ')} failed:\n${complaintOf(answer)}`)
  return answer.stdout
}

export const complaintOf = ({ stdout, stderr }: WranglerAnswer): string => (stderr.trim() || stdout.trim()).trim()
