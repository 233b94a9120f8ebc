import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

const FILE = fileURLToPath(new URL('../workers/gateway/src/audit/domain/writes.ts', import.meta.url))
const READS = ['get', 'head', 'options']

type Document = { paths: Record<string, Record<string, { operationId: string }>> }

/** Every operation of the API that may change something, as the gateway needs it for the audit log: as TypeScript. */
function writesOf({ paths }: Document): string {
  const writes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method]) => !READS.includes(method))
      .map(([method, { operationId }]) => `  ['${method.toUpperCase()}', '${path}', '${operationId}'],\n`),
  )
  return (
    '/** What may change something: method, path and operation. From openapi.json by `npm run openapi`. */\n' +
    `export const WRITES = [\n${writes.join('')}] as const satisfies [method: string, path: string, operation: string][]\n`
  )
}

export async function writeWrites(document: Document): Promise<void> {
  await writeFile(FILE, writesOf(document))
}
