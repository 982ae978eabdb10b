/** A name and what stands under it. */
export interface BsonMember {
  readonly name: string;
  readonly node: BsonNode;
}

/** A value of BSON that becomes one of Connect without parts. */
export interface BsonScalar {
  readonly type: 'string' | 'double' | 'bytes' | 'int32' | 'int64' | 'boolean' | 'timestamp';
  readonly value: unknown;
}

/** A regular expression. */
export interface BsonRegex {
  readonly type: 'regex';
  readonly pattern: string;
  readonly options: string;
}

/** A document; its members are in the order of the text. */
export interface BsonDocument {
  readonly type: 'document';
  readonly members: readonly BsonMember[];
}

/** An array of anything. */
export interface BsonArray {
  readonly type: 'array';
  readonly items: readonly BsonNode[];
}

/**
 * A value of a MongoDB document, as far as its kind decides about a schema: text stands for
 * strings, object ids, decimals and code; `null` has text's schema, `undefined` has none.
 */
export type BsonNode =
  | BsonScalar
  | BsonRegex
  | BsonDocument
  | BsonArray
  | { readonly type: 'null' }
  | { readonly type: 'undefined' };
