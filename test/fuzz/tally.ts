import { memberOf } from './exchange.ts'
import type { Done } from './run-sequence.ts'

/** From so many requests on, every operation must have succeeded. */
const REQUESTS_FOR_ALL = 20_000
const MOST_LIMITED = 0.02
const LEAST_GOOD = 0.2

type Counts = Map<string, number>

/** What was sent and answered, in numbers. */
export class Tally {
  sent = 0
  /** Answers by operation, status and code; requests that reached no operation are counted as `none`. */
  readonly byOperation = new Map<string, Counts>()
  slowest = { ms: 0, what: '' }

  /** Answers that the machine was too slow for. */
  outOfTime = 0

  add({ exchange: { operation, request, answer, body } }: Done, isOutOfTime: boolean): void {
    this.sent += 1
    const name = operation?.operationId ?? 'none'
    const counts = this.byOperation.get(name) ?? new Map<string, number>()
    const code = answer.status < 400 ? undefined : memberOf(body, 'code')
    const key = [answer.status, ...(code === undefined ? [] : [code])].join(' ')
    counts.set(key, (counts.get(key) ?? 0) + 1)
    this.byOperation.set(name, counts)
    if (isOutOfTime) this.outOfTime += 1
    if (answer.ms > this.slowest.ms) {
      this.slowest = { ms: Math.round(answer.ms), what: `${request.method} ${request.target.slice(0, 80)}` }
    }
  }

  /** The part of the answers whose status begins so. */
  part(status: string): number {
    const counts = [...this.byOperation.values()].flatMap((one) => [...one])
    return counts.reduce((sum, [found, count]) => sum + (found.startsWith(status) ? count : 0), 0) / this.sent
  }

  /** What makes the run worthless: hardly anything was tested. */
  shortcomings(operationIds: string[]): string[] {
    const neverGood = this.sent < REQUESTS_FOR_ALL ? [] : this.neverGood(operationIds)
    return [
      ...(this.part('429') > MOST_LIMITED ? [`${this.part('429')} of the answers are refusals by limits`] : []),
      ...(this.part('2') < LEAST_GOOD ? [`only ${this.part('2')} of the answers are good`] : []),
      ...(this.outOfTime > Math.max(3, this.sent / 1_000) ? [`${this.outOfTime} answers were out of time`] : []),
      ...neverGood.map((id) => `${id} never succeeded`),
    ]
  }

  /** Operations that never succeeded. */
  neverGood(operationIds: string[]): string[] {
    return operationIds.filter((id) => ![...(this.byOperation.get(id)?.keys() ?? [])].some((status) => status < '400'))
  }

  /** One line per operation. */
  toString(): string {
    const lines = [...this.byOperation]
      .toSorted(([a], [b]) => a.localeCompare(b))
      .map(([name, counts]) => {
        const answers = [...counts].toSorted().map(([status, count]) => `${status} ×${count}`)
        return `  ${name.padEnd(22)} ${answers.join(', ')}`
      })
    return [`${this.sent} requests; slowest ${this.slowest.ms} ms: ${this.slowest.what}`, ...lines].join('\n')
  }
}
