import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Writes a migrations folder in drizzle-kit's format, one migration per SQL text. */
export async function writeMigrations(folder: string, migrations: readonly string[]): Promise<string> {
  await mkdir(join(folder, 'meta'), { recursive: true })
  const entries = migrations.map((_, idx) => ({
    idx,
    version: '7',
    when: 1000 + idx,
    tag: tagOf(idx),
    breakpoints: true,
  }))
  await writeFile(
    join(folder, 'meta', '_journal.json'),
    JSON.stringify({ version: '7', dialect: 'postgresql', entries }),
  )
  for (const [idx, text] of migrations.entries()) await writeFile(join(folder, `${tagOf(idx)}.sql`), text)
  return folder
}

function tagOf(idx: number): string {
  return `${String(idx).padStart(4, '0')}_step`
}

/** A role with its own schema and table. */
export const NOTES_MIGRATION = `
DO $$ BEGIN CREATE ROLE notes_service LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
--> statement-breakpoint
CREATE EXTENSION IF NOT EXISTS pg_trgm;
--> statement-breakpoint
CREATE SCHEMA notes;
--> statement-breakpoint
CREATE TABLE notes.note (id bigint PRIMARY KEY, body text NOT NULL);
--> statement-breakpoint
GRANT USAGE ON SCHEMA notes TO notes_service;
--> statement-breakpoint
GRANT ALL ON ALL TABLES IN SCHEMA notes TO notes_service;
`
