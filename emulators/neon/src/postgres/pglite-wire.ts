import { type messages, type PGlite, protocol } from '@electric-sql/pglite'
import type { Statement, StatementResult } from '../backend.ts'

type BackendMessage = Awaited<ReturnType<PGlite['execProtocol']>>['messages'][number]

/**
 * Runs statements in one call, each with its own Sync, as a pipelining client sends them.
 *
 * Statements after a failure are still attempted: a transaction refuses them (25P02); outside of one they run.
 *
 * @throws the first failure as Postgres reports it
 */
export async function runOnPGlite(db: PGlite, statements: readonly Statement[]): Promise<StatementResult[]> {
  const { messages } = await db.execProtocol(Buffer.concat(statements.map(extendedQuery)), { throwOnError: false })
  const results: StatementResult[] = []
  let result = emptyResult()
  let failure: BackendMessage | undefined
  for (const message of messages) {
    if (message.name === 'readyForQuery') {
      results.push(result)
      result = emptyResult()
    } else if (message.name === 'error') failure ??= message
    else addTo(result, message)
  }
  if (failure) throw failure
  if (results.length !== statements.length) throw new Error('PGlite returned an incomplete answer')
  return results
}

/** CopyFail ends a COPY FROM STDIN, for whose data PGlite would wait forever. Other statements ignore it. */
function extendedQuery({ text, params }: Statement): Buffer {
  const { parse, bind, describe, execute, copyFail, sync } = protocol.serialize
  const values = [...params]
  return Buffer.concat([
    parse({ text }),
    bind({ values }),
    describe({ type: 'P' }),
    execute({}),
    copyFail('an HTTP request has no COPY data'),
    sync(),
  ])
}

function addTo(result: StatementResult, message: BackendMessage): void {
  if (message.name === 'rowDescription') {
    result.fields = (message as messages.RowDescriptionMessage).fields.map(({ format: _format, ...field }) => field)
  } else if (message.name === 'dataRow') {
    result.rows.push((message as messages.DataRowMessage).fields)
  } else if (message.name === 'commandComplete') {
    const words = (message as messages.CommandCompleteMessage).text.split(' ')
    result.command = words[0] ?? ''
    const count = Number.parseInt(words.at(-1) ?? '', 10)
    result.rowCount = Number.isNaN(count) ? null : count
  }
}

function emptyResult(): StatementResult {
  return { command: '', rowCount: null, fields: [], rows: [] }
}
