import { sql } from 'drizzle-orm'
import { check, index, integer, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { instant, metadata } from './columns.ts'
import { users, usersSchema } from './users.ts'

/** Groups that staff put accounts into, such as wholesale, for what only they get. */
export const customerGroups = usersSchema.table(
  'customer_groups',
  {
    id: text('id').primaryKey(),
    name: text('name').notNull(),
    metadata: metadata(),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    /** Counts the changes of the group, those of its members included. */
    version: integer('version').notNull().default(1),
  },
  (table) => [
    uniqueIndex('customer_groups_name_unique').on(sql`lower(${table.name})`),
    check('customer_groups_name_length', sql`length(${table.name}) between 1 and 100`),
  ],
)

/** The accounts in a group. They leave it with the account, and with the group. */
export const customerGroupMembers = usersSchema.table(
  'customer_group_members',
  {
    groupId: text('group_id')
      .notNull()
      .references(() => customerGroups.id, { onDelete: 'cascade' }),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
  },
  (table) => [
    primaryKey({ columns: [table.groupId, table.userId] }),
    index('customer_group_members_user').on(table.userId, table.groupId),
  ],
)

/** What staff write down about a customer, who does not see it. Erased with the account. */
export const customerNotes = usersSchema.table(
  'customer_notes',
  {
    id: text('id').primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** The account or the API key that wrote it, which may be gone. */
    authorId: text('author_id').notNull(),
    text: text('text').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [
    index('customer_notes_of_user').on(table.userId, table.id),
    check('customer_notes_text_length', sql`length(${table.text}) between 1 and 5000`),
  ],
)
