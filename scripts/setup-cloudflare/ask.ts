import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'

/**
 * Asks for a value without showing the input.
 *
 * @param terminal where to ask; tests pass their own
 */
export async function askHidden(
  question: string,
  terminal: { input: NodeJS.ReadableStream; output: NodeJS.WritableStream } = {
    input: process.stdin,
    output: process.stdout,
  },
): Promise<string> {
  // readline echoes the input to its output, so it gets one that discards everything.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  terminal.output.write(`${question}: `)
  const lines = createInterface({ input: terminal.input, output: nowhere, terminal: true })
  // Otherwise Ctrl-C only closes the question.
  lines.once('SIGINT', () => process.exit(130))
  try {
    return (await lines.question('')).trim()
  } finally {
    lines.close()
    terminal.output.write('\n')
  }
}
