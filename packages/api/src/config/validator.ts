/** A validator as data, for manifests: enough to make it again without its code. */
export type ValidatorDescription =
  | { readonly kind: 'range'; readonly min: number | null; readonly max: number | null }
  | { readonly kind: 'valid-string'; readonly values: readonly string[] }
  | { readonly kind: 'case-insensitive-valid-string'; readonly values: readonly string[] }
  | {
      readonly kind: 'valid-list';
      readonly values: readonly string[];
      readonly isEmptyAllowed: boolean;
      readonly isNullAllowed: boolean;
    }
  | { readonly kind: 'non-null' }
  | { readonly kind: 'non-empty-string' }
  | { readonly kind: 'non-empty-string-without-control-chars' }
  | { readonly kind: 'list-size'; readonly max: number }
  | { readonly kind: 'composite'; readonly validators: readonly ValidatorDescription[] }
  /** Code that only the plug-in has; `text` is what documentation shows. */
  | { readonly kind: 'code'; readonly text: string };

/** Checks a parsed value. Mirrors `ConfigDef.Validator`. */
export interface Validator {
  readonly description: ValidatorDescription;
  /**
   * @param text the value as Java prints it (a DOUBLE as `11.0`), for the error
   * @throws ConfigError when the value is not acceptable
   */
  ensureValid(name: string, value: unknown, text?: string): void;
  /** What documentation shows as "Valid Values". */
  toString(): string;
}
