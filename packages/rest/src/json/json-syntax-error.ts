/** Where something starts in the text. Both count from 1. */
export interface JsonPosition {
  readonly line: number;
  readonly column: number;
}

/** Text that is no JSON. The message is worded as Jackson's: clients look for parts of it. */
export class JsonSyntaxError extends Error {
  readonly line: number;
  readonly column: number;
  /** Where the object or array begins that has no end. */
  readonly opener: JsonPosition | null;
  /** The keys whose values were being read, from the root on. */
  readonly keys: readonly string[];
  /** How many objects and arrays were open. */
  readonly depth: number;
  /** Inside the text of a string value. */
  readonly isInString: boolean;

  constructor(message: string, at: JsonErrorPlace) {
    super(message);
    this.name = 'JsonSyntaxError';
    this.line = at.line;
    this.column = at.column;
    this.opener = at.opener;
    this.keys = at.keys;
    this.depth = at.depth;
    this.isInString = at.isInString;
  }
}

interface JsonErrorPlace extends JsonPosition {
  readonly opener: JsonPosition | null;
  readonly keys: readonly string[];
  readonly depth: number;
  readonly isInString: boolean;
}
