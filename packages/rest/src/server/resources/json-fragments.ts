/**
 * The JSON texts of objects that do not change. Herders answer the same info or status object as
 * long as nothing has changed, so a list of hundreds of connectors is mostly a join of texts (R1.23).
 */
export class JsonFragments {
  readonly #texts = new WeakMap<object, string>();

  /** `JSON.stringify(value)`, remembered for as long as somebody holds the object. */
  textOf(value: object): string {
    const known = this.#texts.get(value);
    if (known !== undefined) return known;
    const text = JSON.stringify(value);
    this.#texts.set(value, text);
    return text;
  }
}
