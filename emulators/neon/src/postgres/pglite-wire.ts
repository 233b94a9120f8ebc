import { type messages, type PGlite, protocol } from '@electric-sql/pglite'
import type { Statement, StatementResult } from '../backend.ts'

type BackendMessage = Awaited<ReturnType<PGlite['execProtocol']>>['messages'][number]

/**
 * Runs statements in one call, each ended by its own Sync, as a pipelining client would send them.
 *
 * After a failure the later statements are still tried: inside a transaction they are refused (25P02), outside they run.
 *
 * @throws the first failure, as Postgres reported it
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
  if (results.length !== statements.length) throw new Error('PGlite broke off its answer')
  return results
}

/** CopyFail, which any other statement ignores, ends a COPY FROM STDIN: PGlite would wait for its data for ever. */
function extendedQuery({ text, params }: Statement): Buffer {
  const { parse, bind, describe, execute, copyFail, sync } = protocol.serialize
  const values = [...params]
  return Buffer.concat([
    parse({ text }),
    bind({ values }),
    describe({ type: 'P' }),
    execute({}),
    copyFail('there is no data with an HTTP request'),
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
