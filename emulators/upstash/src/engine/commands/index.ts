import type { CommandSpec } from '../command.ts'
import { EXPIRY_COMMANDS } from './expiry.ts'
import { KEY_COMMANDS } from './keys.ts'
import { SERVER_COMMANDS } from './server.ts'
import { STRING_COMMANDS } from './strings.ts'

/** Commands by upper-case name that may run anywhere, including in scripts. */
export const DATA_COMMANDS: ReadonlyMap<string, CommandSpec> = new Map(
  [SERVER_COMMANDS, KEY_COMMANDS, EXPIRY_COMMANDS, STRING_COMMANDS].flatMap((table) => Object.entries(table)),
)
