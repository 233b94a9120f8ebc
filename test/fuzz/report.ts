import type { CaptureMethod } from '@shop/contracts/payments/states'
import type { Failure } from './run.ts'
import type { Done } from './run-sequence.ts'

const MOST_TEXT = 1_200
/** Requests before the failing one that are shown whole; of earlier ones only the first line. */
const SHOWN_WHOLE = 6

/** The shortest failing sequence, request by request, and the command that runs it again. */
export function describeFailure({ seed, path, isDisturbed, done }: Failure, capture: CaptureMethod): string {
  const lines = done.map((one, index) => describe(one, isDisturbed, index < done.length - SHOWN_WHOLE))
  const options = `--seed ${seed} --path ${path} --disturbed ${Number(isDisturbed)} --capture ${capture}`
  return [...lines, `Repeat: npm run test:fuzz -- ${options}`].join('\n')
}

function describe({ step, exchange, violations, logged }: Done, isDisturbed: boolean, isShort: boolean): string {
  const { request, answer } = exchange
  const { disturbance, twists, caller, isDoubled } = step
  const notes = [
    caller,
    ...twists.map(({ name }) => name),
    ...(isDoubled ? ['sent twice'] : []),
    ...(isDisturbed && disturbance !== undefined ? [disturbance.name] : []),
  ]
  const first = `${request.method} ${printable(request.target)} → ${answer.status}  (${notes.join(', ')})`
  if (isShort) return first
  const headers = Object.entries(request.headers).filter(([name]) => name !== 'authorization')
  return [
    first,
    ...headers.map(([name, value]) => `  ${name}: ${printable(value)}`),
    ...(request.body === undefined ? [] : [`  ${printable(request.body.toString('latin1'))}`]),
    `  ${Math.round(answer.ms)} ms, ${printable(answer.text)}`,
    ...violations.map((violation) => `  ✗ ${violation}`),
    ...logged.map((line) => `  log: ${printable(line)}`),
  ].join('\n')
}

/** Every byte visible and long texts cut, as a terminal can show them. */
function printable(text: string): string {
  const cut = text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)}… (${text.length})` : text
  return cut.replace(/[^\x20-\x7e]/g, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`)
}
