declare global {
  interface JSON {
    /** Something that `JSON.stringify` writes as it stands (ES2026, in Node since 22). */
    rawJSON(text: string): object;
  }
}

/** A JSON primitive that `JSON.stringify` writes as it stands: for numbers of Java's spelling. */
export function rawJson(text: string): object {
  return JSON.rawJSON(text);
}
