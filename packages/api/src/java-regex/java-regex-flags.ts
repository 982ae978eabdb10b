/** Flags that a Java pattern turns on and off inside itself, by their letters. */
export interface RegexFlags {
  /** CASE_INSENSITIVE: ASCII letters only, unless `u`. */
  readonly i: boolean;
  /** UNIX_LINES: only `\n` ends a line. */
  readonly d: boolean;
  /** MULTILINE. */
  readonly m: boolean;
  /** DOTALL. */
  readonly s: boolean;
  /** UNICODE_CASE. */
  readonly u: boolean;
  /** COMMENTS: white space and `#...` mean nothing. */
  readonly x: boolean;
  /** UNICODE_CHARACTER_CLASS; brings UNICODE_CASE with it. */
  readonly U: boolean;
}

export const NO_FLAGS: RegexFlags = {
  i: false,
  d: false,
  m: false,
  s: false,
  u: false,
  x: false,
  U: false,
};

/** The flags with one turned on or off; `null` when there is no such flag. */
export function withFlag(flags: RegexFlags, letter: string, isOn: boolean): RegexFlags | null {
  switch (letter) {
    case 'i':
    case 'd':
    case 'm':
    case 's':
    case 'u':
    case 'x':
      return { ...flags, [letter]: isOn };
    case 'U':
      return { ...flags, U: isOn, u: isOn };
    default:
      return null;
  }
}
