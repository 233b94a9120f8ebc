import { describeLimit, LIMITS } from '@shop/contracts/limits'

/** The limits, for the description of the API. */
export const DESCRIBED_LIMITS = `**Limits.** Beyond one the answer is 429 with \`Retry-After\`. Locally, those per address alone are higher.

${Object.values(LIMITS)
  .map((limit) => `- \`${limit.name}\`: ${describeLimit(limit)}; ${limit.operations}`)
  .join('\n')}`

const EXAMPLES = [LIMITS.address, LIMITS.user]

export const HEADERS = {
  'Retry-After': {
    description: 'Seconds to wait before trying again',
    schema: { type: 'integer', minimum: 1 },
    example: 60,
  },
  'RateLimit-Policy': {
    description: 'Every limit the request was under: quota `q`, window `w` in seconds',
    schema: { type: 'string' },
    example: EXAMPLES.map(({ name, quota, windowSeconds }) => `"${name}";q=${quota};w=${windowSeconds}`).join(', '),
  },
  RateLimit: {
    description: 'Where it is known, what remains (`r`) for how many seconds (`t`)',
    schema: { type: 'string' },
    example: `"${LIMITS.signInFailures.name}";r=4;t=3600`,
  },
}

const REFERENCES = Object.fromEntries(
  Object.keys(HEADERS).map((name) => [name, { $ref: `#/components/headers/${name}` }]),
)

/** Declares the headers of every 429 of a path: the gateway sets them, whichever worker describes the operation. */
export function withLimits(item: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(item).map(([method, operation]) => {
      const responses = recordOf(recordOf(operation).responses)
      if (responses['429'] === undefined) return [method, operation]
      const limited = { ...recordOf(responses['429']), headers: REFERENCES }
      return [method, { ...recordOf(operation), responses: { ...responses, 429: limited } }]
    }),
  )
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
