/**
 * The step of the schema that keeps pictures. They are found by the content hash of the file they were made from, so that
 * items of the same bytes share one; the last item of a hash takes it along. What the items' columns are:
 *
 * - `path`: where the indexer read the file;
 * - `embedded_from`: `thumbnail`, or null for the picture itself or a ready-made embedding.
 *
 * `changed_items` are the items that changed since a successor of another model was begun (`collection.successor` names
 * it), which has to be told of them. `change` is the write, so that a later change of the same item is not lost.
 */
export const keepPictures = `
  ALTER TABLE collection ADD COLUMN keep TEXT NOT NULL DEFAULT 'thumbnail';
  ALTER TABLE collection ADD COLUMN thumbnail_side INTEGER NOT NULL DEFAULT 320;
  ALTER TABLE collection ADD COLUMN successor TEXT;
  ALTER TABLE items ADD COLUMN path TEXT;
  ALTER TABLE items ADD COLUMN embedded_from TEXT;
  CREATE TABLE pictures (
    number INTEGER PRIMARY KEY,
    content_hash TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    media_type TEXT NOT NULL,
    sha256 BLOB NOT NULL,
    bytes BLOB NOT NULL
  ) STRICT;
  CREATE TABLE changed_items (id TEXT PRIMARY KEY, change INTEGER NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TRIGGER picture_left AFTER DELETE ON items WHEN OLD.content_hash IS NOT NULL BEGIN
    DELETE FROM pictures WHERE content_hash = OLD.content_hash
      AND NOT EXISTS (SELECT 1 FROM items WHERE content_hash = OLD.content_hash);
  END;
  CREATE TRIGGER picture_replaced AFTER UPDATE OF content_hash ON items
    WHEN OLD.content_hash IS NOT NULL AND OLD.content_hash IS NOT NEW.content_hash BEGIN
    DELETE FROM pictures WHERE content_hash = OLD.content_hash
      AND NOT EXISTS (SELECT 1 FROM items WHERE content_hash = OLD.content_hash);
  END;

  CREATE TRIGGER addition_noted AFTER INSERT ON items WHEN (SELECT successor FROM collection) IS NOT NULL BEGIN
    INSERT INTO changed_items SELECT NEW.id, writes FROM collection WHERE true
      ON CONFLICT DO UPDATE SET change = excluded.change;
  END;
  CREATE TRIGGER change_noted AFTER UPDATE OF updated_at ON items
    WHEN (SELECT successor FROM collection) IS NOT NULL BEGIN
    INSERT INTO changed_items SELECT NEW.id, writes FROM collection WHERE true
      ON CONFLICT DO UPDATE SET change = excluded.change;
  END;
  CREATE TRIGGER removal_noted AFTER DELETE ON items WHEN (SELECT successor FROM collection) IS NOT NULL BEGIN
    INSERT INTO changed_items SELECT OLD.id, writes FROM collection WHERE true
      ON CONFLICT DO UPDATE SET change = excluded.change;
  END;`
