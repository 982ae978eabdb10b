/** How names of several words are written; the names of Guava's `CaseFormat`. */
export type NameCase =
  | 'LOWER_CAMEL'
  | 'LOWER_HYPHEN'
  | 'LOWER_UNDERSCORE'
  | 'UPPER_CAMEL'
  | 'UPPER_UNDERSCORE';

export const NAME_CASES: readonly NameCase[] = [
  'LOWER_CAMEL',
  'LOWER_HYPHEN',
  'LOWER_UNDERSCORE',
  'UPPER_CAMEL',
  'UPPER_UNDERSCORE',
];

/** @throws RangeError for another name */
export function nameCaseOf(text: string): NameCase {
  const found = NAME_CASES.find((each) => each === text);
  if (found === undefined) throw new RangeError(`Unknown case of names: ${text}`);
  return found;
}

/** A name written in one case, in another one. Only ASCII letters change. */
export function changeCase(name: string, from: NameCase, to: NameCase): string {
  if (from === to) return name;
  // As in Guava, letters that do not fit stay what they are where only the separator changes.
  if (isLowerWithSeparator(from) && isLowerWithSeparator(to)) {
    return name.replaceAll(separatorOf(from), separatorOf(to));
  }
  const words = wordsOf(name, from);
  return words.map((word, index) => written(word, to, index === 0)).join(separatorOf(to));
}

/** A capital begins a word; a separator ends one, and an empty word between two counts. */
function wordsOf(name: string, from: NameCase): readonly string[] {
  const separator = separatorOf(from);
  if (separator !== '') return name.split(separator);
  return name.split(/(?!^)(?=[A-Z])/);
}

function isLowerWithSeparator(nameCase: NameCase): boolean {
  return nameCase === 'LOWER_HYPHEN' || nameCase === 'LOWER_UNDERSCORE';
}

function separatorOf(nameCase: NameCase): string {
  switch (nameCase) {
    case 'LOWER_HYPHEN':
      return '-';
    case 'LOWER_UNDERSCORE':
    case 'UPPER_UNDERSCORE':
      return '_';
    default:
      return '';
  }
}

function written(word: string, to: NameCase, isFirst: boolean): string {
  if (to === 'UPPER_UNDERSCORE') return upper(word);
  const isCapitalised = to === 'UPPER_CAMEL' || (to === 'LOWER_CAMEL' && !isFirst);
  return isCapitalised ? upper(word.slice(0, 1)) + lower(word.slice(1)) : lower(word);
}

function upper(text: string): string {
  return text.replace(/[a-z]/g, (letter) => letter.toUpperCase());
}

function lower(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
