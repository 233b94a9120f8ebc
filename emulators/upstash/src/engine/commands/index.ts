import type { CommandSpec } from '../command.ts'
import { COUNTER_COMMANDS } from './counters.ts'
import { EXPIRY_COMMANDS } from './expiry.ts'
import { HASH_COMMANDS } from './hashes.ts'
import { KEY_COMMANDS } from './keys.ts'
import { LIST_COMMANDS } from './lists.ts'
import { SERVER_COMMANDS } from './server.ts'
import { SET_COMMANDS } from './sets.ts'
import { SORTED_SET_ALGEBRA_COMMANDS } from './sorted-set-algebra.ts'
import { SORTED_SET_RANGE_COMMANDS } from './sorted-set-ranges.ts'
import { SORTED_SET_COMMANDS } from './sorted-sets.ts'
import { STRING_COMMANDS } from './strings.ts'

/** By upper-case name: what may run anywhere, in scripts too. */
export const DATA_COMMANDS: ReadonlyMap<string, CommandSpec> = new Map(
  [
    SERVER_COMMANDS,
    KEY_COMMANDS,
    EXPIRY_COMMANDS,
    STRING_COMMANDS,
    COUNTER_COMMANDS,
    HASH_COMMANDS,
    SET_COMMANDS,
    SORTED_SET_COMMANDS,
    SORTED_SET_RANGE_COMMANDS,
    SORTED_SET_ALGEBRA_COMMANDS,
    LIST_COMMANDS,
  ].flatMap((table) => Object.entries(table)),
)
