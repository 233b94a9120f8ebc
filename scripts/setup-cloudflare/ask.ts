import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'

/**
 * Asks a person for something that must not be seen on the screen.
 *
 * @param terminal where to ask; a person's terminal unless a test has its own
 */
export async function askHidden(
  question: string,
  terminal: { input: NodeJS.ReadableStream; output: NodeJS.WritableStream } = {
    input: process.stdin,
    output: process.stdout,
  },
): Promise<string> {
  // readline echoes what is typed to its output, so it gets one that swallows it.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  terminal.output.write(`${question}: `)
  const lines = createInterface({ input: terminal.input, output: nowhere, terminal: true })
  // Ctrl-C would otherwise only close the question.
  lines.once('SIGINT', () => process.exit(130))
  try {
    return (await lines.question('')).trim()
  } finally {
    lines.close()
    terminal.output.write('\n')
  }
}
