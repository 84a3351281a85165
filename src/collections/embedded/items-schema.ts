import { keepPictures } from './pictures/keep-pictures.js'
import { fillItemValues } from './filter/fill-item-values.js'
import type { Schema } from './versioned-database.js'

/** They fall with the table. */
const itemTriggers = `CREATE TRIGGER item_added AFTER INSERT ON items BEGIN
       UPDATE collection SET items = items + 1;
     END;
     CREATE TRIGGER item_removed AFTER DELETE ON items BEGIN
       UPDATE collection SET items = items - 1;
     END;
     CREATE TRIGGER group_joined AFTER INSERT ON items WHEN NEW."group" IS NOT NULL BEGIN
       INSERT INTO groups VALUES (NEW."group", 1) ON CONFLICT DO UPDATE SET items = items + 1;
     END;
     CREATE TRIGGER group_left AFTER DELETE ON items WHEN OLD."group" IS NOT NULL BEGIN
       UPDATE groups SET items = items - 1 WHERE name = OLD."group";
       DELETE FROM groups WHERE name = OLD."group" AND items = 0;
     END;
     CREATE TRIGGER group_changed AFTER UPDATE OF "group" ON items WHEN NEW."group" IS NOT OLD."group" BEGIN
       UPDATE groups SET items = items - 1 WHERE name = OLD."group";
       DELETE FROM groups WHERE name = OLD."group" AND items = 0;
       INSERT INTO groups SELECT NEW."group", 1 WHERE NEW."group" IS NOT NULL
         ON CONFLICT DO UPDATE SET items = items + 1;
     END;`

/**
 * items.db, the truth of one collection. Equal embeddings are one row, so that the graph never holds exact duplicates
 * (many of them make its points unreachable). Counts are kept by triggers: no road can forget them.
 */
export const itemsSchema: Schema = {
  name: "the collection's items",
  migrations: [
    `CREATE TABLE collection (
       one INTEGER PRIMARY KEY CHECK (one = 1),
       model TEXT,
       dimensions INTEGER NOT NULL,
       m INTEGER NOT NULL,
       ef_construction INTEGER NOT NULL,
       ef INTEGER NOT NULL,
       items INTEGER NOT NULL DEFAULT 0,
       groups INTEGER NOT NULL DEFAULT 0,
       indexed_at TEXT,
       snapshots TEXT NOT NULL DEFAULT '[]'
     ) STRICT;
     CREATE TABLE fields (name TEXT PRIMARY KEY, type TEXT NOT NULL) STRICT, WITHOUT ROWID;
     CREATE TABLE embeddings (
       label INTEGER PRIMARY KEY AUTOINCREMENT,
       hash BLOB NOT NULL UNIQUE,
       data BLOB NOT NULL
     ) STRICT;
     CREATE TABLE items (
       id TEXT PRIMARY KEY,
       "group" TEXT,
       metadata TEXT NOT NULL,
       content_hash TEXT,
       label INTEGER NOT NULL REFERENCES embeddings ON UPDATE CASCADE,
       updated_at TEXT NOT NULL
     ) STRICT;
     CREATE INDEX items_by_label ON items (label, id);
     CREATE TABLE groups (name TEXT PRIMARY KEY, items INTEGER NOT NULL) STRICT, WITHOUT ROWID;

     ${itemTriggers}
     CREATE TRIGGER group_appeared AFTER INSERT ON groups BEGIN
       UPDATE collection SET groups = groups + 1;
     END;
     CREATE TRIGGER group_vanished AFTER DELETE ON groups BEGIN
       UPDATE collection SET groups = groups - 1;
     END;`,
    // Items get numbers that nothing changes, as VACUUM may change a rowid without a name; values of their metadata are
    // indexed by them. `writes` counts what changed the items.
    `ALTER TABLE collection ADD COLUMN writes INTEGER NOT NULL DEFAULT 0;
     CREATE TABLE numbered_items (
       number INTEGER PRIMARY KEY,
       id TEXT NOT NULL UNIQUE,
       "group" TEXT,
       metadata TEXT NOT NULL,
       content_hash TEXT,
       label INTEGER NOT NULL REFERENCES embeddings ON UPDATE CASCADE,
       updated_at TEXT NOT NULL
     ) STRICT;
     INSERT INTO numbered_items (id, "group", metadata, content_hash, label, updated_at)
       SELECT id, "group", metadata, content_hash, label, updated_at FROM items;
     DROP TABLE items;
     ALTER TABLE numbered_items RENAME TO items;
     CREATE INDEX items_by_label ON items (label, id);
     CREATE INDEX items_by_group ON items ("group") WHERE "group" IS NOT NULL;
     CREATE TABLE item_values (
       field TEXT NOT NULL,
       value ANY NOT NULL,
       item INTEGER NOT NULL,
       PRIMARY KEY (field, value, item)
     ) STRICT, WITHOUT ROWID;

     ${itemTriggers}`,
    fillItemValues,
    // An import finds pictures of the same bytes by it.
    'CREATE INDEX items_by_content ON items (content_hash, label) WHERE content_hash IS NOT NULL;',
    keepPictures,
    // The write that the item is of: it tells apart what was written within one millisecond.
    'ALTER TABLE items ADD COLUMN write INTEGER NOT NULL DEFAULT 0;',
    'ALTER TABLE collection ADD COLUMN probabilities INTEGER NOT NULL DEFAULT 1;',
  ],
}
