import { spawn } from 'node:child_process'
import { ROOT } from './configs.ts'

export type WranglerAnswer = { code: number; stdout: string; stderr: string }

/**
 * Runs wrangler without a terminal, so that it never prompts.
 *
 * `input` is its standard input. Secrets go there, because any process can read a command line.
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
    // If wrangler ends without reading, its exit code says more than the broken pipe.
    child.stdin?.on('error', () => {})
    child.stdin?.end(input)
  })

/** @throws Error with wrangler's output, when it failed */
export async function succeed(run: Wrangler, args: string[], input?: string): Promise<string> {
  const answer = await run(args, input)
  if (answer.code !== 0) throw new Error(`wrangler ${args.join(' ')} failed:\n${complaintOf(answer)}`)
  return answer.stdout
}

export const complaintOf = ({ stdout, stderr }: WranglerAnswer): string => (stderr.trim() || stdout.trim()).trim()
