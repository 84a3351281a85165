// Made from openapi.yaml by: npm run generate

export interface paths {
    readonly "/v1/collections": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List collections
         * @description In the order of their names. A key limited to collections sees only those, on pages that may be shorter.
         */
        readonly get: operations["listCollections"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/collections/{collection}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Get a collection */
        readonly get: operations["getCollection"];
        /**
         * Make a collection
         * @description Without a body the collection embeds with the server's default model. With `model` it embeds with that one. With
         *     `dimensions` and no `model` it takes only ready-made embeddings of that many values.
         *
         *     Repeating the request is harmless: a collection that exists with the settings that are named is answered as it is
         *     (200), whatever those are that are left out. With another model, or another value of any other setting, the answer is
         *     409 `COLLECTION_EXISTS`, and nothing is changed: `PATCH` changes settings, and a collection that has items gets another
         *     model by `POST .../reindex`.
         */
        readonly put: operations["putCollection"];
        readonly post?: never;
        /**
         * Delete a collection and all its items
         * @description There is no way back. By its own name: an alias is refused (409 `NAME_IS_ALIAS`), lest what it stands for is deleted by mistake.
         *     Its aliases go with it, and its jobs end, but for restores. Its snapshots stay.
         */
        readonly delete: operations["deleteCollection"];
        readonly options?: never;
        readonly head?: never;
        /**
         * Change settings of a collection
         * @description A JSON merge patch (RFC 7396) of what can change: `keep` and `thumbnailSide` for pictures that are written from now on,
         *     `hnsw.ef`, `probabilities`, and types in `fields` for metadata fields that have none yet. The model, `dimensions`, `hnsw.m` and
         *     `hnsw.efConstruction` and the type of a field cannot: where they are given they have to be as they are, else the answer is
         *     409 `SETTING_FIXED`, whose hint says how to get there.
         */
        readonly patch: operations["patchCollection"];
        readonly trace?: never;
    };
    readonly "/v1/collections/{collection}/items": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List items
         * @description In the order of their ids (by code point).
         */
        readonly get: operations["listItems"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/collections/{collection}/items/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Get an item */
        readonly get: operations["getItem"];
        /**
         * Put an item
         * @description Writes the whole item: a picture (multipart `image`, or JSON `base64` or `url`) or a ready-made `embedding`, with its
         *     `metadata` and `group`. An item of the same id is replaced, metadata and group included.
         */
        readonly put: operations["putItem"];
        readonly post?: never;
        /** Delete an item */
        readonly delete: operations["deleteItem"];
        readonly options?: never;
        readonly head?: never;
        /**
         * Change an item's metadata or group
         * @description A JSON merge patch (RFC 7396): fields of `metadata` that are named are set, those that are null are removed, the
         *     others stay. `group` is replaced, null removes it. Nothing is embedded anew.
         */
        readonly patch: operations["patchItem"];
        readonly trace?: never;
    };
    readonly "/v1/collections/{collection}/items/{id}/image": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Get the picture of an item
         * @description What is kept of it, or lies still where it was indexed from. Without either the answer is 404 `IMAGE_NOT_KEPT`. The
         *     answer has an ETag. The picture comes in its own media type: an `Accept` that leaves that out is 406.
         */
        readonly get: operations["getItemImage"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/collections/{collection}/items/delete": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Delete items by id, or by filter
         * @description By `ids` all at once, in one transaction (200); ids that do not exist are passed over. By `filter` as a job (202), in
         *     steps that searches can come between; a filter that says nothing about any field is refused unless `all` is true.
         */
        readonly post: operations["deleteItems"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/collections/{collection}/imports": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Import a catalogue
         * @description Brings the rows of a catalogue into the collection, which exists: a file that is uploaded (CSV, JSONL, zip, tar, tar.gz;
         *     its name says which), or one that lies on the server, in a folder that the server's `import-roots` names (there none
         *     is by default). What the collection has already is not embedded again.
         *
         *     A CSV has the columns `id` and `image` (the picture: a path, an address or a data URI) and, if you like, `group`; every
         *     other column is metadata. (Sets to train or measure with name their pictures in a column `path`; a catalogue does not.)
         *
         *     Rows of an uploaded CSV or JSONL bring their pictures as data URIs, or ready-made embeddings; an archive brings them as
         *     its files. They cannot name files of the server.
         */
        readonly post: operations["createImport"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/collections/{collection}/duplicates": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Find duplicates
         * @description Finds groups of items whose embeddings are alike: each to at least one other of its group by at least `threshold`. The
         *     groups are the job's result. In a collection so large that searches walk a graph a few may be missed.
         */
        readonly post: operations["createDuplicates"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/collections/{collection}/restore": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Restore a snapshot
         * @description Puts a snapshot of this collection, which may be gone, in its place, or into another name. It is unpacked beside, checked as a
         *     whole and asked for items of its own; only then does it take the name. What had the name is kept to roll back to.
         */
        readonly post: operations["createRestore"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/collections/{collection}/reindex": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Embed a collection with another model
         * @description Embeds every item anew from what is kept of its picture: the file where it lay if that is still the same, else the
         *     original, else the thumbnail (`embeddedFrom` says so). Searches and writes go on with the old model meanwhile; in the end the
         *     new embeddings take their place at once, and what they replace is kept to roll back to.
         *
         *     Items of which nothing is kept are errors of the job. Where more than the server's setting (1 %) are, the job fails
         *     and the collection stays as it is; what was done is not done again by the next request.
         */
        readonly post: operations["createReindex"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/collections/{collection}/rollback": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Put back what was replaced
         * @description What is replaced by this is kept in its turn, so that it can be done again.
         */
        readonly post: operations["rollBackCollection"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/collections/{collection}/previous": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /** Remove what is kept to roll back to */
        readonly delete: operations["deletePrevious"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/collections/{collection}/snapshots": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List the snapshots of a collection
         * @description The oldest first. They outlive their collection.
         */
        readonly get: operations["listSnapshots"];
        readonly put?: never;
        /**
         * Take a snapshot
         * @description One moment of the collection, while writes and searches go on.
         */
        readonly post: operations["createSnapshot"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/collections/{collection}/snapshots/{snapshot}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Download a snapshot
         * @description The file itself, a tar whose first entry holds sizes and checksums of the others.
         */
        readonly get: operations["getSnapshot"];
        /**
         * Upload a snapshot
         * @description Takes in a file that a download gave, here or on another machine, once all its checksums hold.
         */
        readonly put: operations["putSnapshot"];
        readonly post?: never;
        /** Delete a snapshot */
        readonly delete: operations["deleteSnapshot"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/aliases": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List aliases
         * @description In the order of their names. An alias stands wherever the name of its collection does.
         */
        readonly get: operations["listAliases"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/aliases/{alias}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Get an alias */
        readonly get: operations["getAlias"];
        /**
         * Make an alias, or point it elsewhere
         * @description At once; no search falls between.
         */
        readonly put: operations["putAlias"];
        readonly post?: never;
        /**
         * Delete an alias
         * @description Its collection stays.
         */
        readonly delete: operations["deleteAlias"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/jobs": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List jobs
         * @description The newest first. A key limited to collections sees only theirs, on pages that may be shorter.
         */
        readonly get: operations["listJobs"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/jobs/{job}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Get a job */
        readonly get: operations["getJob"];
        readonly put?: never;
        readonly post?: never;
        /**
         * Cancel a job
         * @description It stops soon: pictures that are being fetched, decoded or embedded are given up. What it did stays, and so does its record. A job
         *     that is over stays as it is.
         */
        readonly delete: operations["cancelJob"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/jobs/{job}/errors": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List the rows of a job that failed
         * @description As pages of JSON, or whole as CSV or as a line of JSON each, by the request's `Accept`. In the order in which they were
         *     found.
         */
        readonly get: operations["listJobErrors"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/jobs/{job}/result": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Get what a job found
         * @description Groups of duplicates, the largest first, as pages of JSON, or whole as a line of JSON each, by the request's `Accept`.
         *     409 `JOB_UNFINISHED` until the job is done; empty for jobs that find nothing.
         */
        readonly get: operations["listJobResult"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/jobs/{job}/events": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Follow a job
         * @description Server-sent events, each with the job as JSON in its `data`: `progress` at once and whenever there is some, `end` when the job is
         *     over, after which the stream ends. It also ends, without `end`, when the server stops, or when the key is revoked or
         *     expires. A comment comes every 15 seconds. The job
         *     does not mind who follows it, or leaves.
         */
        readonly get: operations["streamJobEvents"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/collections/{collection}/facets": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Count the values of a metadata field
         * @description How many items have each value of `field`, the most frequent first, of all items or of those that match `filter`.
         */
        readonly get: operations["getFacets"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/collections/{collection}/search": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Search a collection
         * @description Answers with the items most like the query, best first: a picture (multipart `image`, or JSON `base64` or `url`), an item of
         *     the collection (`itemId`, itself left out of the answer), a ready-made `embedding`, or several of these: like the
         *     `positive` ones and unlike the `negative` ones.
         *
         *     With a `filter` only items that match are answered, and there are `k` of them where so many match. With `groupBy` the
         *     results are groups: each has the id and the score of its best item, and its best `groupSize` items.
         *
         *     `collapse`, `rerank` and `diversity` make something else of the nearest results than their order by score. They work
         *     in this order, on the `candidates` nearest results, and the pages of the answer hold no others.
         *
         *     For the next page send the same query with the answer's `nextCursor` as `cursor`. Pages of one query repeat no item
         *     and skip none. A write to the collection in between ends them: 410 `CURSOR_GONE`.
         */
        readonly post: operations["search"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/collections/{collection}/search/batch": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Search a collection for many queries
         * @description Each query is answered as if it were sent alone: with its answer, or with its problem where it is wrong or fails. The
         *     server may set a limit to how many there are (100 unless configured).
         */
        readonly post: operations["searchBatch"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/embed": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Embed pictures
         * @description Answers with the embedding of each picture, in order. Nothing is stored.
         */
        readonly post: operations["embed"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/models": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** List models */
        readonly get: operations["listModels"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/models/{model}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Get a model with its manifest and card
         * @description The card is the model's README in Markdown; it tells what the model learned from and how good it is.
         */
        readonly get: operations["getModel"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/server": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * What may I do here?
         * @description What the request's key allows, and how far the server goes, so that a program need not try it out.
         */
        readonly get: operations["getServer"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/health/live": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Is the process alive? */
        readonly get: operations["getLiveness"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/health/ready": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Can it answer requests?
         * @description Yes (200) when the store answers and the default model has embedded a test picture; otherwise a problem of status
         *     503: `NOT_READY`, or `SHUTTING_DOWN` from the moment the server was told to stop. From then on new connections are
         *     refused, idle ones closed, and requests that were accepted finished: that answer comes only over a connection that was
         *     open and busy.
         */
        readonly get: operations["getReadiness"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * @description 1 to 63 lower-case letters, digits, `_` or `-`, beginning with a letter or digit.
         * @example shoes
         */
        readonly CollectionName: string;
        /**
         * @description An ETag with its quotes, several with commas between, or `*`
         * @example "2f-mh2k9x1c"
         */
        readonly EntityTags: string;
        /**
         * @description 1 to 512 bytes of UTF-8 without control characters, not `.` or `..`.
         * @example boot-1
         */
        readonly Id: string;
        /**
         * @example imagenet
         * @example imagenet@0123456789ab
         */
        readonly ModelName: string;
        /**
         * @description What several pictures of one product have in common, 1 to 512 bytes of UTF-8 without control characters; null for none.
         * @example boots
         */
        readonly GroupName: string | null;
        /** @description 1 to 128 bytes of UTF-8 without control characters. */
        readonly FieldName: string;
        /** @description Text, a number, true or false, a date (RFC 3339) as text, or a list of them. */
        readonly MetadataValue: string | number | boolean | null | readonly (string | number | boolean)[];
        /**
         * @description Whatever is to be known about an item. A field keeps the type of its first value.
         * @example {
         *       "colour": "brown",
         *       "price": 79.5,
         *       "sizes": [
         *         38,
         *         39
         *       ]
         *     }
         */
        readonly Metadata: {
            readonly [key: string]: components["schemas"]["MetadataValue"];
        };
        /** @enum {string} */
        readonly FieldType: "string" | "number" | "boolean" | "date";
        /**
         * @description Types of metadata fields.
         * @example {
         *       "price": "number",
         *       "colour": "string"
         *     }
         */
        readonly Fields: {
            readonly [key: string]: components["schemas"]["FieldType"];
        };
        /**
         * @description Which items count: `{"FIELD": {"OPERATOR": OPERAND}}` on metadata fields. Several keys in one object are ANDed;
         *     `and` and `or` take arrays of filters, `not` takes a filter; `{}` matches every item.
         *
         *     | operator | holds where the field |
         *     |---|---|
         *     | `eq`, `ne` | equals the operand; does not |
         *     | `in`, `nin` | equals one of the operands (an array); equals none |
         *     | `lt`, `lte`, `gt`, `gte` | is less, not more, more, not less: numbers, texts (by code point), dates (as instants) |
         *     | `prefix` | is a text that begins with the operand |
         *     | `exists` | has a value (true), or is missing or null (false) |
         *
         *     Where the field is an array an operator holds if it does for any element, `ne` and `nin` if no element equals. A
         *     missing or null field satisfies only `exists: false`, `ne` and `nin`. Nothing is converted: the number 5 does not
         *     equal the text "5". Dates are dates only in fields that the collection declares as such. A filter that is wrong is
         *     answered by `INVALID_FILTER`, which names the place.
         * @example {
         *       "colour": {
         *         "in": [
         *           "brown",
         *           "black"
         *         ]
         *       },
         *       "price": {
         *         "gte": 20,
         *         "lt": 80
         *       },
         *       "not": {
         *         "sold": {
         *           "eq": true
         *         }
         *       }
         *     }
         */
        readonly Filter: {
            readonly [key: string]: unknown;
        };
        /** @description A picture file in base64 (RFC 4648 section 4), without line breaks or `data:` prefix. */
        readonly Base64: string;
        /**
         * @description Where a picture is. The server fetches it if its setting `fetchFrom` allows that, which it does not unless it is set;
         *     else the answer is 403 `URL_NOT_FETCHED`.
         * @example https://shop.example/boot.jpg
         */
        readonly PictureUrl: string;
        /**
         * Format: binary
         * @description A picture file. Its content decides the format, never its name.
         */
        readonly ImageFile: string;
        /** @description As many numbers as the collection has dimensions, not all zero; scaled to unit length. */
        readonly Embedding: readonly number[];
        /**
         * Format: date-time
         * @example 2026-01-31T12:00:00.000Z
         */
        readonly Time: string;
        readonly CollectionSpec: {
            /** @description Name of the model that embeds its pictures, or `NAME@FINGERPRINT`; null needs `dimensions`. */
            readonly model?: string | null;
            /** @description Length of its embeddings. Needed only where there is no model. */
            readonly dimensions?: number;
            readonly fields?: components["schemas"]["Fields"];
            /** @description How the search graph is built. The defaults suit most collections. */
            readonly hnsw?: {
                /** @description Links of each item. */
                readonly m?: number;
                /** @description Care taken in linking. */
                readonly efConstruction?: number;
                /** @description Default breadth of a search. */
                readonly ef?: number;
            };
            readonly keep?: components["schemas"]["Keep"];
            readonly thumbnailSide?: components["schemas"]["ThumbnailSide"];
            readonly probabilities?: components["schemas"]["Probabilities"];
        };
        readonly CollectionPatch: {
            /** @description As it is, where given. */
            readonly model?: string | null;
            /** @description As they are, where given. */
            readonly dimensions?: number;
            readonly fields?: components["schemas"]["Fields"];
            readonly hnsw?: {
                /** @description As it is, where given. */
                readonly m?: number;
                /** @description As it is, where given. */
                readonly efConstruction?: number;
                /** @description Default breadth of a search. */
                readonly ef?: number;
            };
            readonly keep?: components["schemas"]["Keep"];
            readonly thumbnailSide?: components["schemas"]["ThumbnailSide"];
            readonly probabilities?: components["schemas"]["Probabilities"];
        };
        /**
         * @description What is kept of a picture, for a later change of model and for `GET .../items/{id}/image`: a small copy, the file
         *     itself, only where it lies, or nothing. With `thumbnail` and `path` the place is noted of files that the server or
         *     the command line reads by itself. The server's setting where absent.
         * @enum {string}
         */
        readonly Keep: "thumbnail" | "original" | "path" | "none";
        /**
         * @description Shorter side of thumbnails in pixels. The server's setting where absent.
         * @example 320
         */
        readonly ThumbnailSide: number;
        /**
         * @description Whether answers tell the `probability` that an item is of the query's class, where the model is calibrated; true where
         *     absent. A calibration holds for catalogues like the one that it was fitted on: turn it off for one that is unlike it.
         */
        readonly Probabilities: boolean;
        readonly Collection: {
            readonly name: components["schemas"]["CollectionName"];
            /**
             * @description `NAME@FINGERPRINT` of its model; null where it takes only ready-made embeddings.
             * @example imagenet@0123456789ab
             */
            readonly model: string | null;
            /** @example 1280 */
            readonly dimensions: number;
            readonly fields: components["schemas"]["Fields"];
            readonly hnsw: {
                /** @example 16 */
                readonly m: number;
                /** @example 200 */
                readonly efConstruction: number;
                /** @example 100 */
                readonly ef: number;
            };
            readonly keep: components["schemas"]["Keep"];
            readonly thumbnailSide: components["schemas"]["ThumbnailSide"];
            readonly probabilities: components["schemas"]["Probabilities"];
            readonly counts: {
                /** @example 81 */
                readonly items: number;
                /** @example 40 */
                readonly groups: number;
            };
            /** @description Time of the newest write; null while nothing was written. */
            readonly indexedAt: components["schemas"]["Time"] | null;
        };
        /**
         * @example {
         *       "model": "mine"
         *     }
         */
        readonly Reindex: {
            readonly model: components["schemas"]["ModelName"];
            /**
             * @description Whether items that cannot be embedded anew may be lost, however many they are.
             * @default false
             */
            readonly allowMissing: boolean;
        };
        readonly CollectionList: {
            readonly items: readonly components["schemas"]["Collection"][];
            readonly nextCursor: string | null;
        };
        readonly NewItem: {
            readonly base64?: components["schemas"]["Base64"];
            readonly url?: components["schemas"]["PictureUrl"];
            readonly embedding?: components["schemas"]["Embedding"];
            readonly metadata?: components["schemas"]["Metadata"];
            readonly group?: components["schemas"]["GroupName"];
        } & (unknown | unknown | unknown);
        /**
         * @example {
         *       "metadata": {
         *         "price": 59.5,
         *         "colour": null
         *       }
         *     }
         */
        readonly ItemPatch: {
            readonly metadata?: components["schemas"]["Metadata"];
            readonly group?: components["schemas"]["GroupName"];
        };
        readonly Item: {
            readonly id: components["schemas"]["Id"];
            readonly group: components["schemas"]["GroupName"];
            readonly metadata: components["schemas"]["Metadata"];
            /** @description SHA-256 of the picture file in hex; null for a ready-made embedding. */
            readonly contentHash: string | null;
            readonly updatedAt: components["schemas"]["Time"];
            /**
             * @description What is kept of its picture; absent where nothing is. `original` also where the picture is no larger than a
             *     thumbnail.
             */
            readonly kept?: readonly ("thumbnail" | "original" | "path")[];
            /**
             * @description There where the embedding was made from the kept thumbnail, by a change of model, and so is not quite that of
             *     the picture itself.
             * @enum {string}
             */
            readonly embeddedFrom?: "thumbnail";
        };
        readonly ItemList: {
            readonly items: readonly components["schemas"]["Item"][];
            readonly nextCursor: string | null;
        };
        readonly ItemSelection: {
            readonly ids?: readonly components["schemas"]["Id"][];
            readonly filter?: components["schemas"]["Filter"];
            /** @description Whether the filter may match all there is. */
            readonly all?: boolean;
        } & (unknown | unknown);
        readonly Facets: {
            /** @example colour */
            readonly field: string;
            /** @description The most frequent first. An item with several values counts for each. */
            readonly values: readonly {
                /**
                 * @description Dates come as their instant in UTC.
                 * @example brown
                 */
                readonly value: string | number | boolean;
                /** @example 12 */
                readonly count: number;
            }[];
            /**
             * @description How many different values there are, shown or not.
             * @example 3
             */
            readonly distinct: number;
            /**
             * @description Items that match the filter, with a value or without.
             * @example 81
             */
            readonly total: number;
        };
        readonly DeletedItems: {
            /** @example 2 */
            readonly deleted: number;
        };
        /**
         * @description The part of the picture that counts: x0, y0, x1, y1 as shares of its width and height, from the top left of the
         *     upright picture.
         * @example [
         *       0,
         *       0,
         *       0.5,
         *       1
         *     ]
         */
        readonly Crop: readonly [
            number,
            number,
            number,
            number
        ];
        readonly Example: {
            readonly base64?: components["schemas"]["Base64"];
            readonly url?: components["schemas"]["PictureUrl"];
            readonly itemId?: components["schemas"]["Id"];
            readonly embedding?: components["schemas"]["Embedding"];
        } & (unknown | unknown | unknown | unknown);
        readonly Search: {
            readonly base64?: components["schemas"]["Base64"];
            readonly url?: components["schemas"]["PictureUrl"];
            readonly itemId?: components["schemas"]["Id"];
            readonly embedding?: components["schemas"]["Embedding"];
            /**
             * @description What is looked for, in several examples. The query is the mean of their embeddings at unit length, minus half the
             *     mean of the `negative` ones, and scores are cosines to that. Items among the examples are left out of the answer.
             *     The server may set a limit to how many examples there are (16 unless configured).
             */
            readonly positive?: readonly components["schemas"]["Example"][];
            /** @description What is not looked for; see `positive`. */
            readonly negative?: readonly components["schemas"]["Example"][];
            /**
             * @description How many results at most; the server may set a limit (1000 unless configured).
             * @default 10
             */
            readonly k: number;
            /** @description Leaves out results of a lower score. */
            readonly minScore?: number;
            /**
             * @description Results whose cosine to a better one is above this become one with it: the best stays and says in `collapsed` for
             *     how many others it stands. With `groupBy` the best items of groups are compared, and groups become one.
             */
            readonly collapse?: number;
            /**
             * @description Orders the candidates otherwise than by score: `query-expansion` by cosine to the query and its five nearest
             *     candidates together (alpha query expansion), `k-reciprocal` by how much the neighbourhoods of query and candidate
             *     among the candidates have in common (k-reciprocal encoding). Both find more of what belongs to the query and may
             *     cost the very first answer. Scores stay cosines to the query.
             * @enum {string}
             */
            readonly rerank?: "query-expansion" | "k-reciprocal";
            /**
             * @description Orders the candidates by maximal marginal relevance: each next result is the one with the most of
             *     (1 - diversity) * score - diversity * (its largest cosine to the results before it). After `rerank` its measure
             *     stands for the score.
             */
            readonly diversity?: number;
            /**
             * @description How many of the nearest results `collapse`, `rerank` and `diversity` choose from: 200 unless given, at least `k`; the
             *     server may set a limit (500 unless configured). The answer and all its pages hold only these.
             */
            readonly candidates?: number;
            readonly filter?: components["schemas"]["Filter"];
            /**
             * @description `group`, or a metadata field (of an array its first value): results are groups, and `k` counts them. Items
             *     without a group stand alone.
             */
            readonly groupBy?: string;
            /**
             * @description How many items of a group at most, with `groupBy`.
             * @default 3
             */
            readonly groupSize: number;
            /**
             * @description The `nextCursor` of an answer to the same query; `k`, `exact`, `ef` and `include` may differ. The pages of one query
             *     hold 100,000 results at most.
             */
            readonly cursor?: string;
            /**
             * @description Compare with every item instead of walking the search graph; slower on large collections.
             * @default false
             */
            readonly exact: boolean;
            /** @description Breadth of the walk through the search graph; more finds more and takes longer. */
            readonly ef?: number;
            readonly crop?: components["schemas"]["Crop"];
            /**
             * @description What comes with each result besides id, score, probability and group. Thumbnails come with 100 items at most, unless the
             *     server is configured otherwise.
             * @default [
             *       "metadata"
             *     ]
             */
            readonly include: readonly ("metadata" | "embedding" | "thumbnail")[];
        } & (unknown | unknown | unknown | unknown | unknown);
        readonly SearchBatch: {
            readonly queries: readonly {
                readonly [key: string]: unknown;
            }[];
        };
        readonly SearchBatchAnswer: {
            /** @description One for each query, in their order. */
            readonly answers: readonly (components["schemas"]["SearchAnswer"] | components["schemas"]["Problem"])[];
        };
        readonly SearchResult: {
            readonly id: components["schemas"]["Id"];
            /**
             * @description Cosine similarity, -1 to 1.
             * @example 0.83
             */
            readonly score: number;
            /**
             * @description Chance that this is of the query's class, by the model's calibration; absent where the model has none or the
             *     collection's `probabilities` is false. It is an estimate for catalogues like the one that the model was calibrated
             *     on, and may be far off for others: fit it to yours with `kindred calibrate`.
             * @example 0.97
             */
            readonly probability?: number;
            readonly group: components["schemas"]["GroupName"];
            readonly metadata?: components["schemas"]["Metadata"];
            /** @description At unit length; where `include` asks for it. */
            readonly embedding?: readonly number[];
            /** @description A data URI; where `include` asks for it and something is kept of the picture. */
            readonly thumbnail?: string;
            /**
             * @description Other candidates that it stands for, with `collapse`.
             * @example 2
             */
            readonly collapsed?: number;
        };
        readonly SearchGroup: {
            /** @description What its items have in common; null for an item that stands alone. */
            readonly group: string | number | boolean | null;
            readonly id: components["schemas"]["Id"];
            /**
             * @description Of its best item.
             * @example 0.83
             */
            readonly score: number;
            readonly probability?: components["schemas"]["SearchResult"]["probability"];
            readonly collapsed?: components["schemas"]["SearchResult"]["collapsed"];
            /** @description Its best items, best first. */
            readonly items: readonly components["schemas"]["SearchResult"][];
        };
        readonly SearchAnswer: {
            /**
             * @description Best first; equal scores in the order of ids, and in another order with `rerank` or `diversity`. Groups with
             *     `groupBy`, items without.
             */
            readonly results: readonly (components["schemas"]["SearchResult"] | components["schemas"]["SearchGroup"])[];
            /** @description For the next page; null where there is nothing more. */
            readonly nextCursor: string | null;
            /**
             * @description The collection's model; null where it takes only ready-made embeddings.
             * @example imagenet@0123456789ab
             */
            readonly model: string | null;
            readonly collection: components["schemas"]["CollectionName"];
            /**
             * @description Items that match the filter.
             * @example 81
             */
            readonly total: number;
            /** @description Whether every item that matches the filter was compared. */
            readonly exact: boolean;
            /**
             * @description How the answer was found: by a walk through the search graph or by comparing with every item; `filtered-` where
             *     only those that match the filter came into question.
             * @enum {string}
             */
            readonly plan: "graph" | "scan" | "filtered-graph" | "filtered-scan";
            /** @description Time of the newest write that the answer could see. */
            readonly indexedAt: components["schemas"]["Time"] | null;
            /** @description The part of the picture that counted; null where the query was not a picture. */
            readonly crop: components["schemas"]["Crop"] | null;
            readonly timings: components["schemas"]["Timings"];
        };
        /** @description Milliseconds. */
        readonly Timings: {
            /**
             * @description From file to network input.
             * @example 3.1
             */
            readonly decode: number;
            /** @example 1.9 */
            readonly embed: number;
            /** @example 0.3 */
            readonly search: number;
            /**
             * @description From the request head to the answer, upload included.
             * @example 5.6
             */
            readonly total: number;
        };
        readonly PicturesToEmbed: {
            readonly base64: readonly components["schemas"]["Base64"][];
        };
        readonly Embeddings: {
            /** @description One unit-length embedding a picture, in the order of the pictures. */
            readonly embeddings: readonly (readonly number[])[];
            /** @example imagenet@0123456789ab */
            readonly model: string;
        };
        readonly Model: {
            /**
             * @description `NAME@FINGERPRINT`.
             * @example imagenet@0123456789ab
             */
            readonly model: string;
            /** @example imagenet */
            readonly name: string;
            readonly description: string;
            /** @example 1280 */
            readonly dimensions: number;
            /** @description Whether collections are made with it unless they name another. */
            readonly default: boolean;
        };
        readonly ModelList: {
            readonly items: readonly components["schemas"]["Model"][];
            readonly nextCursor: string | null;
        };
        readonly ModelWithCard: {
            /** @example imagenet@0123456789ab */
            readonly model: string;
            /** @example imagenet */
            readonly name: string;
            readonly description: string;
            /** @example 1280 */
            readonly dimensions: number;
            readonly default: boolean;
            /** @description `model.json` of the bundle: architecture, input, training, data, metrics, licence, files. */
            readonly manifest: {
                readonly [key: string]: unknown;
            };
            /** @description Markdown. */
            readonly card: string;
        };
        readonly Import: {
            /**
             * @description Absolute path, on the server, of a folder of pictures, a CSV, JSONL, archive or matrix of embeddings. Links are followed, and
             *     must not lead out of the folders that imports may read; `..` is refused.
             */
            readonly path: string;
            /** @description Absolute path of the ids of a `.npy`, one a line or a CSV with the column `id`. */
            readonly ids?: string;
            /**
             * @description Afterwards delete the items that the catalogue does not have, if they are no more than so many; where they are more
             *     nothing is deleted, and the job fails with `CONFIRMATION_NEEDED`, which says how many they are. Where none of its rows could be
             *     taken, or not the ids of all, nothing is deleted, and the job fails with `SOURCE_INCOMPLETE`.
             */
            readonly deleteMissing?: number;
            /**
             * @description Write nothing, and count: `embedded` rows are those that would be, `deleted` (with `deleteMissing`) the items that are
             *     not in the catalogue.
             * @default false
             */
            readonly dryRun: boolean;
        };
        readonly DuplicatesQuery: {
            /** @description Cosine similarity from which two items count as duplicates. */
            readonly threshold: number;
        };
        readonly DuplicateGroup: {
            readonly items: readonly {
                readonly id: components["schemas"]["Id"];
                /**
                 * @description Cosine similarity to the nearest of the others.
                 * @example 0.98
                 */
                readonly similarity: number;
            }[];
        };
        readonly DuplicateGroupList: {
            readonly items: readonly components["schemas"]["DuplicateGroup"][];
            readonly nextCursor: string | null;
        };
        readonly Restore: {
            readonly snapshot: components["schemas"]["SnapshotName"];
            /** @description The collection that it becomes, new or not; its own where absent. */
            readonly into?: string;
        };
        /**
         * @description 1 to 128 letters, digits, `.`, `_` and `-`, beginning with a letter or digit.
         * @example monday
         */
        readonly SnapshotName: string;
        readonly NewSnapshot: {
            readonly name?: components["schemas"]["SnapshotName"];
        };
        readonly Snapshot: {
            readonly name: components["schemas"]["SnapshotName"];
            readonly collection: components["schemas"]["CollectionName"];
            readonly createdAt: components["schemas"]["Time"];
            /** @description Of the whole file. */
            readonly bytes: number;
            /** @example imagenet@0123456789ab */
            readonly model: string | null;
            /** @example 1280 */
            readonly dimensions: number;
            readonly counts: components["schemas"]["Collection"]["counts"];
            /** @description Time of the newest write that is in it. */
            readonly indexedAt: components["schemas"]["Time"] | null;
        };
        readonly SnapshotList: {
            readonly items: readonly components["schemas"]["Snapshot"][];
            readonly nextCursor: string | null;
            /** @description Whether something was in the place of the collection before, for `POST .../rollback`. */
            readonly previous: boolean;
        };
        readonly AliasTarget: {
            readonly collection: components["schemas"]["CollectionName"];
        };
        readonly Alias: {
            readonly name: components["schemas"]["CollectionName"];
            readonly collection: components["schemas"]["CollectionName"];
        };
        readonly AliasList: {
            readonly items: readonly components["schemas"]["Alias"][];
            readonly nextCursor: string | null;
        };
        readonly Job: {
            /** @example 4f2a09c1b7de */
            readonly id: string;
            /** @enum {string} */
            readonly kind: "import" | "dry-import" | "delete" | "restore" | "duplicates" | "reindex";
            readonly collection: components["schemas"]["CollectionName"];
            /** @description What it works with: the path of a catalogue or the name of the file that was uploaded, a filter, a snapshot, a threshold. */
            readonly source: string;
            /**
             * @description Jobs of one collection run one after the other.
             * @enum {string}
             */
            readonly state: "queued" | "running" | "done" | "failed" | "cancelled";
            /** @description Of an import the rows settled so far; of other jobs `total` alone counts, the items dealt with. */
            readonly counts: {
                /** @example 81 */
                readonly total: number;
                /** @example 80 */
                readonly embedded: number;
                /** @example 0 */
                readonly unchanged: number;
                /** @example 1 */
                readonly failed: number;
            };
            /**
             * @description Items deleted.
             * @example 0
             */
            readonly deleted: number;
            /** @description Rows or items a second, of late. */
            readonly ratePerSecond: number | null;
            /** @description null where it cannot be told. */
            readonly etaSeconds: number | null;
            /** @description Why it failed as a whole. */
            readonly error: {
                /** @example CONFIRMATION_NEEDED */
                readonly code: string;
                readonly reason: string;
            } | null;
            readonly createdAt: components["schemas"]["Time"];
            readonly updatedAt: components["schemas"]["Time"];
        };
        /** @description One event of the stream. */
        readonly JobEvent: {
            /** @enum {string} */
            readonly event: "progress" | "end";
            /** @description The job as JSON. */
            readonly data: string;
        };
        readonly JobList: {
            readonly items: readonly components["schemas"]["Job"][];
            readonly nextCursor: string | null;
        };
        readonly JobError: {
            /**
             * @description Of the catalogue, from 1.
             * @example 17
             */
            readonly row: number;
            /** @example boot-1 */
            readonly id: string | null;
            /** @example IMAGE_CORRUPT */
            readonly code: string;
            readonly reason: string;
        };
        readonly JobErrorList: {
            readonly items: readonly components["schemas"]["JobError"][];
            readonly nextCursor: string | null;
        };
        readonly Server: {
            /** @description Of the request; null where the server has no keys and everything is allowed. */
            readonly key: {
                /** @enum {string} */
                readonly scope: "search" | "write" | "admin";
                /** @description The only ones that it may touch, by name or alias; null for all. */
                readonly collections: readonly components["schemas"]["CollectionName"][] | null;
            } | null;
            /** @description Whether it fetches any pictures by URL at all. */
            readonly fetchesUrls: boolean;
            readonly limits: {
                /**
                 * @description Of a picture.
                 * @example 20971520
                 */
                readonly imageBytes: number;
                /**
                 * @description Of a file to import.
                 * @example 4294967296
                 */
                readonly uploadBytes: number;
                /**
                 * @description Results of a search.
                 * @example 1000
                 */
                readonly k: number;
                /**
                 * @description Positive and negative ones of a search.
                 * @example 16
                 */
                readonly examples: number;
            };
            /**
             * @description What the server runs on and with; null unless the request may do everything (a key with the scope `admin` for all
             *     collections, or a server without keys).
             */
            readonly host: {
                /** @example 1.0.0 */
                readonly kindred: string;
                /** @example 20.19.0 */
                readonly node: string;
                /** @example 1.30.0 */
                readonly onnxruntime: string;
                /** @example linux x64 */
                readonly platform: string;
                readonly processor: string;
                /** @example 8 */
                readonly cores: number;
                /** @example 17179869184 */
                readonly memoryBytes: number;
            } | null;
        };
        readonly Live: {
            /** @constant */
            readonly status: "live";
        };
        readonly Ready: {
            /** @constant */
            readonly status: "ready";
            /**
             * @description The default model.
             * @example imagenet@0123456789ab
             */
            readonly model: string;
        };
        readonly Problem: {
            /**
             * Format: uri-reference
             * @description Where the code is explained.
             */
            readonly type: string;
            readonly title: string;
            readonly status: number;
            /** @description What went wrong this time, for people. */
            readonly detail: string;
            /** @description Stable, for programs. */
            readonly code: string;
            /** @description What the log calls this request. */
            readonly requestId: string;
            /** @description What to do about it. */
            readonly hint?: string;
            /** @description The part of the request that is at fault. */
            readonly field?: string;
        };
    };
    responses: {
        /** @description The job, which runs or waits for its turn. */
        readonly JobBegun: {
            headers: {
                /** @description Where to ask for it. */
                readonly Location?: string;
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/json": components["schemas"]["Job"];
            };
        };
        /** @description What went wrong. */
        readonly Problem: {
            headers: {
                readonly "Retry-After": components["headers"]["RetryAfter"];
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: {
        /**
         * @description Name of the collection.
         * @example shoes
         */
        readonly Collection: components["schemas"]["CollectionName"];
        /**
         * @description Id of the item, percent-encoded (`/` is `%2F`).
         * @example boot-1
         */
        readonly ItemId: components["schemas"]["Id"];
        /** @description The `nextCursor` of the page before; absent for the first page. */
        readonly Cursor: string;
        /** @description How many at most. */
        readonly Limit: number;
        /**
         * @description Names this request, so that it is done once however often it is sent: the first answer is given again (with
         *     `Idempotent-Replayed: true`), for a day unless configured. The key with another request is 422 `IDEMPOTENCY_KEY_REUSED`, while the
         *     first is under way 409 `IDEMPOTENCY_KEY_IN_USE`, with a `Retry-After`. Each API key has its own.
         * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
         */
        readonly IdempotencyKey: string;
        /**
         * @description The write is done only if the item exists and has one of these ETags; else 412 `PRECONDITION_FAILED`.
         * @example "2f-mh2k9x1c"
         */
        readonly IfMatch: components["schemas"]["EntityTags"];
        /**
         * @description Of a GET: what has one of these ETags is not sent again (304). Of a write: it is done only if the item has none of them; `*`
         *     makes it only if it does not exist; else 412 `PRECONDITION_FAILED`.
         * @example *
         */
        readonly IfNoneMatch: components["schemas"]["EntityTags"];
        /**
         * @description Id of the job.
         * @example 4f2a09c1b7de
         */
        readonly Job: string;
        /**
         * @description Name of the snapshot.
         * @example monday
         */
        readonly Snapshot: components["schemas"]["SnapshotName"];
        /**
         * @description Name of the alias.
         * @example shop
         */
        readonly Alias: components["schemas"]["CollectionName"];
        /**
         * @description A filter (see the Filter schema) as its JSON text; only items that match count. The head of a request, which it is part
         *     of, has a limit of its own (16 KiB unless the server is configured otherwise).
         * @example {"colour": {"eq": "brown"}}
         */
        readonly Filter: string;
    };
    requestBodies: never;
    headers: {
        /** @description Names the item's state; another after each change. */
        readonly ETag: string;
        /**
         * @description In how many seconds to send the request again: of 429, of 503, and of 409 while the first request with an idempotency key
         *     is under way.
         */
        readonly RetryAfter: number;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    readonly listCollections: {
        readonly parameters: {
            readonly query?: {
                /** @description The `nextCursor` of the page before; absent for the first page. */
                readonly cursor?: components["parameters"]["Cursor"];
                /** @description How many at most. */
                readonly limit?: components["parameters"]["Limit"];
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page of collections. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["CollectionList"];
                };
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly getCollection: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /**
                 * @description Name of the collection.
                 * @example shoes
                 */
                readonly collection: components["parameters"]["Collection"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Its settings and counts. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Collection"];
                };
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly putCollection: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description Names this request, so that it is done once however often it is sent: the first answer is given again (with
                 *     `Idempotent-Replayed: true`), for a day unless configured. The key with another request is 422 `IDEMPOTENCY_KEY_REUSED`, while the
                 *     first is under way 409 `IDEMPOTENCY_KEY_IN_USE`, with a `Retry-After`. Each API key has its own.
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                readonly "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            readonly path: {
                /**
                 * @description Name of the collection.
                 * @example shoes
                 */
                readonly collection: components["parameters"]["Collection"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": components["schemas"]["CollectionSpec"];
            };
        };
        readonly responses: {
            /** @description It existed already. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Collection"];
                };
            };
            /** @description It was made. */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Collection"];
                };
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly deleteCollection: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description Names this request, so that it is done once however often it is sent: the first answer is given again (with
                 *     `Idempotent-Replayed: true`), for a day unless configured. The key with another request is 422 `IDEMPOTENCY_KEY_REUSED`, while the
                 *     first is under way 409 `IDEMPOTENCY_KEY_IN_USE`, with a `Retry-After`. Each API key has its own.
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                readonly "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            readonly path: {
                /**
                 * @description Name of the collection.
                 * @example shoes
                 */
                readonly collection: components["parameters"]["Collection"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It is gone. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly patchCollection: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description Names this request, so that it is done once however often it is sent: the first answer is given again (with
                 *     `Idempotent-Replayed: true`), for a day unless configured. The key with another request is 422 `IDEMPOTENCY_KEY_REUSED`, while the
                 *     first is under way 409 `IDEMPOTENCY_KEY_IN_USE`, with a `Retry-After`. Each API key has its own.
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                readonly "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            readonly path: {
                /**
                 * @description Name of the collection.
                 * @example shoes
                 */
                readonly collection: components["parameters"]["Collection"];
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["CollectionPatch"];
                readonly "application/merge-patch+json": components["schemas"]["CollectionPatch"];
            };
        };
        readonly responses: {
            /** @description The collection as it is now. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Collection"];
                };
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly listItems: {
        readonly parameters: {
            readonly query?: {
                /** @description The `nextCursor` of the page before; absent for the first page. */
                readonly cursor?: components["parameters"]["Cursor"];
                /** @description How many at most. */
                readonly limit?: components["parameters"]["Limit"];
                /**
                 * @description A filter (see the Filter schema) as its JSON text; only items that match count. The head of a request, which it is part
                 *     of, has a limit of its own (16 KiB unless the server is configured otherwise).
                 * @example {"colour": {"eq": "brown"}}
                 */
                readonly filter?: components["parameters"]["Filter"];
            };
            readonly header?: never;
            readonly path: {
                /**
                 * @description Name of the collection.
                 * @example shoes
                 */
                readonly collection: components["parameters"]["Collection"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page of items. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ItemList"];
                };
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly getItem: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description Of a GET: what has one of these ETags is not sent again (304). Of a write: it is done only if the item has none of them; `*`
                 *     makes it only if it does not exist; else 412 `PRECONDITION_FAILED`.
                 * @example *
                 */
                readonly "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            readonly path: {
                /**
                 * @description Name of the collection.
                 * @example shoes
                 */
                readonly collection: components["parameters"]["Collection"];
                /**
                 * @description Id of the item, percent-encoded (`/` is `%2F`).
                 * @example boot-1
                 */
                readonly id: components["parameters"]["ItemId"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The item. */
            readonly 200: {
                headers: {
                    readonly ETag: components["headers"]["ETag"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Item"];
                };
            };
            /** @description It is still what the ETag in `If-None-Match` names. */
            readonly 304: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly putItem: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description The write is done only if the item exists and has one of these ETags; else 412 `PRECONDITION_FAILED`.
                 * @example "2f-mh2k9x1c"
                 */
                readonly "If-Match"?: components["parameters"]["IfMatch"];
                /**
                 * @description Of a GET: what has one of these ETags is not sent again (304). Of a write: it is done only if the item has none of them; `*`
                 *     makes it only if it does not exist; else 412 `PRECONDITION_FAILED`.
                 * @example *
                 */
                readonly "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /**
                 * @description Names this request, so that it is done once however often it is sent: the first answer is given again (with
                 *     `Idempotent-Replayed: true`), for a day unless configured. The key with another request is 422 `IDEMPOTENCY_KEY_REUSED`, while the
                 *     first is under way 409 `IDEMPOTENCY_KEY_IN_USE`, with a `Retry-After`. Each API key has its own.
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                readonly "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            readonly path: {
                /**
                 * @description Name of the collection.
                 * @example shoes
                 */
                readonly collection: components["parameters"]["Collection"];
                /**
                 * @description Id of the item, percent-encoded (`/` is `%2F`).
                 * @example boot-1
                 */
                readonly id: components["parameters"]["ItemId"];
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "multipart/form-data": {
                    readonly image: components["schemas"]["ImageFile"];
                    readonly metadata?: components["schemas"]["Metadata"];
                    readonly group?: components["schemas"]["GroupName"];
                };
                readonly "application/json": components["schemas"]["NewItem"];
            };
        };
        readonly responses: {
            /** @description An item of that id was replaced. */
            readonly 200: {
                headers: {
                    readonly ETag: components["headers"]["ETag"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Item"];
                };
            };
            /** @description The id was new. */
            readonly 201: {
                headers: {
                    readonly ETag: components["headers"]["ETag"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Item"];
                };
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly deleteItem: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description The write is done only if the item exists and has one of these ETags; else 412 `PRECONDITION_FAILED`.
                 * @example "2f-mh2k9x1c"
                 */
                readonly "If-Match"?: components["parameters"]["IfMatch"];
                /**
                 * @description Of a GET: what has one of these ETags is not sent again (304). Of a write: it is done only if the item has none of them; `*`
                 *     makes it only if it does not exist; else 412 `PRECONDITION_FAILED`.
                 * @example *
                 */
                readonly "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /**
                 * @description Names this request, so that it is done once however often it is sent: the first answer is given again (with
                 *     `Idempotent-Replayed: true`), for a day unless configured. The key with another request is 422 `IDEMPOTENCY_KEY_REUSED`, while the
                 *     first is under way 409 `IDEMPOTENCY_KEY_IN_USE`, with a `Retry-After`. Each API key has its own.
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                readonly "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            readonly path: {
                /**
                 * @description Name of the collection.
                 * @example shoes
                 */
                readonly collection: components["parameters"]["Collection"];
                /**
                 * @description Id of the item, percent-encoded (`/` is `%2F`).
                 * @example boot-1
                 */
                readonly id: components["parameters"]["ItemId"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It is gone. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly patchItem: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description The write is done only if the item exists and has one of these ETags; else 412 `PRECONDITION_FAILED`.
                 * @example "2f-mh2k9x1c"
                 */
                readonly "If-Match"?: components["parameters"]["IfMatch"];
                /**
                 * @description Of a GET: what has one of these ETags is not sent again (304). Of a write: it is done only if the item has none of them; `*`
                 *     makes it only if it does not exist; else 412 `PRECONDITION_FAILED`.
                 * @example *
                 */
                readonly "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /**
                 * @description Names this request, so that it is done once however often it is sent: the first answer is given again (with
                 *     `Idempotent-Replayed: true`), for a day unless configured. The key with another request is 422 `IDEMPOTENCY_KEY_REUSED`, while the
                 *     first is under way 409 `IDEMPOTENCY_KEY_IN_USE`, with a `Retry-After`. Each API key has its own.
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                readonly "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            readonly path: {
                /**
                 * @description Name of the collection.
                 * @example shoes
                 */
                readonly collection: components["parameters"]["Collection"];
                /**
                 * @description Id of the item, percent-encoded (`/` is `%2F`).
                 * @example boot-1
                 */
                readonly id: components["parameters"]["ItemId"];
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["ItemPatch"];
                readonly "application/merge-patch+json": components["schemas"]["ItemPatch"];
            };
        };
        readonly responses: {
            /** @description The item as it is now. */
            readonly 200: {
                headers: {
                    readonly ETag: components["headers"]["ETag"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Item"];
                };
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly getItemImage: {
        readonly parameters: {
            readonly query?: {
                /** @description `thumbnail`: small and upright, a JPEG unless the picture is that small itself. `original`: the file as it was given. */
                readonly size?: "thumbnail" | "original";
            };
            readonly header?: {
                /**
                 * @description Of a GET: what has one of these ETags is not sent again (304). Of a write: it is done only if the item has none of them; `*`
                 *     makes it only if it does not exist; else 412 `PRECONDITION_FAILED`.
                 * @example *
                 */
                readonly "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            readonly path: {
                /**
                 * @description Name of the collection.
                 * @example shoes
                 */
                readonly collection: components["parameters"]["Collection"];
                /**
                 * @description Id of the item, percent-encoded (`/` is `%2F`).
                 * @example boot-1
                 */
                readonly id: components["parameters"]["ItemId"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The picture. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "image/jpeg": string;
                    readonly "image/png": string;
                    readonly "image/webp": string;
                    readonly "image/gif": string;
                    readonly "image/tiff": string;
                    readonly "image/avif": string;
                    readonly "image/svg+xml": string;
                };
            };
            /** @description The picture is that of the ETag in `If-None-Match`. */
            readonly 304: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly deleteItems: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description Names this request, so that it is done once however often it is sent: the first answer is given again (with
                 *     `Idempotent-Replayed: true`), for a day unless configured. The key with another request is 422 `IDEMPOTENCY_KEY_REUSED`, while the
                 *     first is under way 409 `IDEMPOTENCY_KEY_IN_USE`, with a `Retry-After`. Each API key has its own.
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                readonly "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            readonly path: {
                /**
                 * @description Name of the collection.
                 * @example shoes
                 */
                readonly collection: components["parameters"]["Collection"];
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["ItemSelection"];
            };
        };
        readonly responses: {
            /** @description How many there were. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["DeletedItems"];
                };
            };
            readonly 202: components["responses"]["JobBegun"];
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly createImport: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description Names this request, so that it is done once however often it is sent: the first answer is given again (with
                 *     `Idempotent-Replayed: true`), for a day unless configured. The key with another request is 422 `IDEMPOTENCY_KEY_REUSED`, while the
                 *     first is under way 409 `IDEMPOTENCY_KEY_IN_USE`, with a `Retry-After`. Each API key has its own.
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                readonly "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            readonly path: {
                /**
                 * @description Name of the collection.
                 * @example shoes
                 */
                readonly collection: components["parameters"]["Collection"];
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "multipart/form-data": {
                    /**
                     * Format: binary
                     * @description A CSV, JSONL, zip, tar or tar.gz; its name says which.
                     */
                    readonly file: string;
                    readonly deleteMissing?: components["schemas"]["Import"]["deleteMissing"];
                    readonly dryRun?: components["schemas"]["Import"]["dryRun"];
                };
                readonly "application/json": components["schemas"]["Import"];
            };
        };
        readonly responses: {
            readonly 202: components["responses"]["JobBegun"];
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly createDuplicates: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description Names this request, so that it is done once however often it is sent: the first answer is given again (with
                 *     `Idempotent-Replayed: true`), for a day unless configured. The key with another request is 422 `IDEMPOTENCY_KEY_REUSED`, while the
                 *     first is under way 409 `IDEMPOTENCY_KEY_IN_USE`, with a `Retry-After`. Each API key has its own.
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                readonly "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            readonly path: {
                /**
                 * @description Name of the collection.
                 * @example shoes
                 */
                readonly collection: components["parameters"]["Collection"];
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["DuplicatesQuery"];
            };
        };
        readonly responses: {
            readonly 202: components["responses"]["JobBegun"];
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly createRestore: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description Names this request, so that it is done once however often it is sent: the first answer is given again (with
                 *     `Idempotent-Replayed: true`), for a day unless configured. The key with another request is 422 `IDEMPOTENCY_KEY_REUSED`, while the
                 *     first is under way 409 `IDEMPOTENCY_KEY_IN_USE`, with a `Retry-After`. Each API key has its own.
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                readonly "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            readonly path: {
                /**
                 * @description Name of the collection.
                 * @example shoes
                 */
                readonly collection: components["parameters"]["Collection"];
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["Restore"];
            };
        };
        readonly responses: {
            readonly 202: components["responses"]["JobBegun"];
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly createReindex: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description Names this request, so that it is done once however often it is sent: the first answer is given again (with
                 *     `Idempotent-Replayed: true`), for a day unless configured. The key with another request is 422 `IDEMPOTENCY_KEY_REUSED`, while the
                 *     first is under way 409 `IDEMPOTENCY_KEY_IN_USE`, with a `Retry-After`. Each API key has its own.
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                readonly "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            readonly path: {
                /**
                 * @description Name of the collection.
                 * @example shoes
                 */
                readonly collection: components["parameters"]["Collection"];
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["Reindex"];
            };
        };
        readonly responses: {
            readonly 202: components["responses"]["JobBegun"];
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly rollBackCollection: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description Names this request, so that it is done once however often it is sent: the first answer is given again (with
                 *     `Idempotent-Replayed: true`), for a day unless configured. The key with another request is 422 `IDEMPOTENCY_KEY_REUSED`, while the
                 *     first is under way 409 `IDEMPOTENCY_KEY_IN_USE`, with a `Retry-After`. Each API key has its own.
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                readonly "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            readonly path: {
                /**
                 * @description Name of the collection.
                 * @example shoes
                 */
                readonly collection: components["parameters"]["Collection"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The collection as it is now. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Collection"];
                };
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly deletePrevious: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description Names this request, so that it is done once however often it is sent: the first answer is given again (with
                 *     `Idempotent-Replayed: true`), for a day unless configured. The key with another request is 422 `IDEMPOTENCY_KEY_REUSED`, while the
                 *     first is under way 409 `IDEMPOTENCY_KEY_IN_USE`, with a `Retry-After`. Each API key has its own.
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                readonly "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            readonly path: {
                /**
                 * @description Name of the collection.
                 * @example shoes
                 */
                readonly collection: components["parameters"]["Collection"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It is gone. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly listSnapshots: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /**
                 * @description Name of the collection.
                 * @example shoes
                 */
                readonly collection: components["parameters"]["Collection"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description All of them. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["SnapshotList"];
                };
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly createSnapshot: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description Names this request, so that it is done once however often it is sent: the first answer is given again (with
                 *     `Idempotent-Replayed: true`), for a day unless configured. The key with another request is 422 `IDEMPOTENCY_KEY_REUSED`, while the
                 *     first is under way 409 `IDEMPOTENCY_KEY_IN_USE`, with a `Retry-After`. Each API key has its own.
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                readonly "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            readonly path: {
                /**
                 * @description Name of the collection.
                 * @example shoes
                 */
                readonly collection: components["parameters"]["Collection"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": components["schemas"]["NewSnapshot"];
            };
        };
        readonly responses: {
            /** @description It was taken. */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Snapshot"];
                };
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly getSnapshot: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /**
                 * @description Name of the collection.
                 * @example shoes
                 */
                readonly collection: components["parameters"]["Collection"];
                /**
                 * @description Name of the snapshot.
                 * @example monday
                 */
                readonly snapshot: components["parameters"]["Snapshot"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The file. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/x-tar": string;
                };
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly putSnapshot: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /**
                 * @description Name of the collection.
                 * @example shoes
                 */
                readonly collection: components["parameters"]["Collection"];
                /**
                 * @description Name of the snapshot.
                 * @example monday
                 */
                readonly snapshot: components["parameters"]["Snapshot"];
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/x-tar": string;
                readonly "application/octet-stream": string;
            };
        };
        readonly responses: {
            /** @description It was taken in. */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Snapshot"];
                };
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly deleteSnapshot: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description Names this request, so that it is done once however often it is sent: the first answer is given again (with
                 *     `Idempotent-Replayed: true`), for a day unless configured. The key with another request is 422 `IDEMPOTENCY_KEY_REUSED`, while the
                 *     first is under way 409 `IDEMPOTENCY_KEY_IN_USE`, with a `Retry-After`. Each API key has its own.
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                readonly "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            readonly path: {
                /**
                 * @description Name of the collection.
                 * @example shoes
                 */
                readonly collection: components["parameters"]["Collection"];
                /**
                 * @description Name of the snapshot.
                 * @example monday
                 */
                readonly snapshot: components["parameters"]["Snapshot"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It is gone. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly listAliases: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description All of them. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["AliasList"];
                };
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly getAlias: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /**
                 * @description Name of the alias.
                 * @example shop
                 */
                readonly alias: components["parameters"]["Alias"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The alias. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Alias"];
                };
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly putAlias: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description Names this request, so that it is done once however often it is sent: the first answer is given again (with
                 *     `Idempotent-Replayed: true`), for a day unless configured. The key with another request is 422 `IDEMPOTENCY_KEY_REUSED`, while the
                 *     first is under way 409 `IDEMPOTENCY_KEY_IN_USE`, with a `Retry-After`. Each API key has its own.
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                readonly "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            readonly path: {
                /**
                 * @description Name of the alias.
                 * @example shop
                 */
                readonly alias: components["parameters"]["Alias"];
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["AliasTarget"];
            };
        };
        readonly responses: {
            /** @description The alias. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Alias"];
                };
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly deleteAlias: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description Names this request, so that it is done once however often it is sent: the first answer is given again (with
                 *     `Idempotent-Replayed: true`), for a day unless configured. The key with another request is 422 `IDEMPOTENCY_KEY_REUSED`, while the
                 *     first is under way 409 `IDEMPOTENCY_KEY_IN_USE`, with a `Retry-After`. Each API key has its own.
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                readonly "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            readonly path: {
                /**
                 * @description Name of the alias.
                 * @example shop
                 */
                readonly alias: components["parameters"]["Alias"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It is gone. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly listJobs: {
        readonly parameters: {
            readonly query?: {
                /** @description The `nextCursor` of the page before; absent for the first page. */
                readonly cursor?: components["parameters"]["Cursor"];
                /** @description How many at most. */
                readonly limit?: components["parameters"]["Limit"];
                /** @description Only jobs in this state. */
                readonly state?: "queued" | "running" | "done" | "failed" | "cancelled";
                /** @description Only jobs of this kind. */
                readonly kind?: "import" | "dry-import" | "delete" | "restore" | "duplicates" | "reindex";
                /** @description Only jobs of the collection of this name, which may be gone, or of the one that the alias of this name stands for now. */
                readonly collection?: components["schemas"]["CollectionName"];
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page of jobs. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["JobList"];
                };
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly getJob: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /**
                 * @description Id of the job.
                 * @example 4f2a09c1b7de
                 */
                readonly job: components["parameters"]["Job"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description How far it is, or what became of it. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Job"];
                };
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly cancelJob: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description Names this request, so that it is done once however often it is sent: the first answer is given again (with
                 *     `Idempotent-Replayed: true`), for a day unless configured. The key with another request is 422 `IDEMPOTENCY_KEY_REUSED`, while the
                 *     first is under way 409 `IDEMPOTENCY_KEY_IN_USE`, with a `Retry-After`. Each API key has its own.
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                readonly "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            readonly path: {
                /**
                 * @description Id of the job.
                 * @example 4f2a09c1b7de
                 */
                readonly job: components["parameters"]["Job"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The job, which may still be stopping. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Job"];
                };
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly listJobErrors: {
        readonly parameters: {
            readonly query?: {
                /** @description The `nextCursor` of the page before; absent for the first page. */
                readonly cursor?: components["parameters"]["Cursor"];
                /** @description How many at most. */
                readonly limit?: components["parameters"]["Limit"];
            };
            readonly header?: never;
            readonly path: {
                /**
                 * @description Id of the job.
                 * @example 4f2a09c1b7de
                 */
                readonly job: components["parameters"]["Job"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The rows. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["JobErrorList"];
                    readonly "application/jsonl": string;
                    readonly "text/csv": string;
                };
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly listJobResult: {
        readonly parameters: {
            readonly query?: {
                /** @description The `nextCursor` of the page before; absent for the first page. */
                readonly cursor?: components["parameters"]["Cursor"];
                /** @description How many at most. */
                readonly limit?: components["parameters"]["Limit"];
            };
            readonly header?: never;
            readonly path: {
                /**
                 * @description Id of the job.
                 * @example 4f2a09c1b7de
                 */
                readonly job: components["parameters"]["Job"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The groups. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["DuplicateGroupList"];
                    readonly "application/jsonl": string;
                };
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly streamJobEvents: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /**
                 * @description Id of the job.
                 * @example 4f2a09c1b7de
                 */
                readonly job: components["parameters"]["Job"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The events. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "text/event-stream": components["schemas"]["JobEvent"];
                };
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly getFacets: {
        readonly parameters: {
            readonly query: {
                /**
                 * @description A metadata field.
                 * @example colour
                 */
                readonly field: string;
                /**
                 * @description A filter (see the Filter schema) as its JSON text; only items that match count. The head of a request, which it is part
                 *     of, has a limit of its own (16 KiB unless the server is configured otherwise).
                 * @example {"colour": {"eq": "brown"}}
                 */
                readonly filter?: components["parameters"]["Filter"];
                /** @description How many at most. */
                readonly limit?: components["parameters"]["Limit"];
            };
            readonly header?: never;
            readonly path: {
                /**
                 * @description Name of the collection.
                 * @example shoes
                 */
                readonly collection: components["parameters"]["Collection"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The counts. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Facets"];
                };
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly search: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /**
                 * @description Name of the collection.
                 * @example shoes
                 */
                readonly collection: components["parameters"]["Collection"];
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "multipart/form-data": {
                    readonly image: components["schemas"]["ImageFile"];
                    readonly k?: components["schemas"]["Search"]["k"];
                    readonly filter?: components["schemas"]["Filter"];
                    readonly groupBy?: components["schemas"]["Search"]["groupBy"];
                    readonly groupSize?: components["schemas"]["Search"]["groupSize"];
                    readonly cursor?: components["schemas"]["Search"]["cursor"];
                    readonly minScore?: components["schemas"]["Search"]["minScore"];
                    readonly collapse?: components["schemas"]["Search"]["collapse"];
                    readonly rerank?: components["schemas"]["Search"]["rerank"];
                    readonly diversity?: components["schemas"]["Search"]["diversity"];
                    readonly candidates?: components["schemas"]["Search"]["candidates"];
                    readonly exact?: components["schemas"]["Search"]["exact"];
                    readonly ef?: components["schemas"]["Search"]["ef"];
                    readonly crop?: components["schemas"]["Crop"];
                    readonly include?: components["schemas"]["Search"]["include"];
                };
                readonly "application/json": components["schemas"]["Search"];
            };
        };
        readonly responses: {
            /** @description The answer. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["SearchAnswer"];
                };
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly searchBatch: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /**
                 * @description Name of the collection.
                 * @example shoes
                 */
                readonly collection: components["parameters"]["Collection"];
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["SearchBatch"];
            };
        };
        readonly responses: {
            /** @description The answers and problems, in the order of the queries. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["SearchBatchAnswer"];
                };
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly embed: {
        readonly parameters: {
            readonly query?: {
                /** @description A model's name, or `NAME@FINGERPRINT`; the server's default where absent. */
                readonly model?: components["schemas"]["ModelName"];
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "multipart/form-data": {
                    /** @description One or several pictures, each in a part named `image`. */
                    readonly image: readonly components["schemas"]["ImageFile"][];
                };
                readonly "application/json": components["schemas"]["PicturesToEmbed"];
            };
        };
        readonly responses: {
            /** @description The embeddings. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Embeddings"];
                };
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly listModels: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Every usable model bundle of the server. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ModelList"];
                };
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly getModel: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Its name, or `NAME@FINGERPRINT`. */
                readonly model: components["schemas"]["ModelName"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The model. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ModelWithCard"];
                };
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly getServer: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What is allowed. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Server"];
                };
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly getLiveness: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It is. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Live"];
                };
            };
            readonly default: components["responses"]["Problem"];
        };
    };
    readonly getReadiness: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It can. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Ready"];
                };
            };
            readonly default: components["responses"]["Problem"];
        };
    };
}
