import type { Schema } from '../embedded/versioned-database.js'

/** jobs.db, beside the registry of the store: what was asked for, how far it came, and what failed. */
export const jobsSchema: Schema = {
  name: "the store's jobs",
  migrations: [
    `CREATE TABLE jobs (
       number INTEGER PRIMARY KEY AUTOINCREMENT,
       id TEXT NOT NULL UNIQUE,
       kind TEXT NOT NULL,
       collection TEXT NOT NULL,
       source TEXT NOT NULL,
       state TEXT NOT NULL,
       total INTEGER NOT NULL DEFAULT 0,
       embedded INTEGER NOT NULL DEFAULT 0,
       unchanged INTEGER NOT NULL DEFAULT 0,
       failed INTEGER NOT NULL DEFAULT 0,
       deleted INTEGER NOT NULL DEFAULT 0,
       rate REAL,
       eta REAL,
       error_code TEXT,
       error_reason TEXT,
       checkpoint TEXT,
       created_at TEXT NOT NULL,
       updated_at TEXT NOT NULL
     ) STRICT;
     CREATE INDEX jobs_by_source ON jobs (collection, source, number);
     CREATE TABLE errors (
       job INTEGER NOT NULL REFERENCES jobs ON DELETE CASCADE,
       number INTEGER NOT NULL,
       row INTEGER NOT NULL,
       id TEXT,
       code TEXT NOT NULL,
       reason TEXT NOT NULL,
       PRIMARY KEY (job, number)
     ) STRICT, WITHOUT ROWID;`,
    `ALTER TABLE jobs ADD COLUMN request TEXT;
     CREATE TABLE results (
       job INTEGER NOT NULL REFERENCES jobs ON DELETE CASCADE,
       number INTEGER NOT NULL,
       value TEXT NOT NULL,
       PRIMARY KEY (job, number)
     ) STRICT, WITHOUT ROWID;`,
  ],
}
