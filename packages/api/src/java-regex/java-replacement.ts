/** A part of a replacement: text, or the number of a group. */
type Part = string | number;

/**
 * The replacement text of `Matcher.replaceFirst` and `replaceAll`, read once: `$1`, `${name}`, and
 * a backslash that takes the meaning of what follows it.
 */
export class JavaReplacement {
  readonly #parts: readonly Part[];

  /**
   * @param groupCount groups of the pattern, the whole match not counted
   * @throws RangeError (Java's IllegalArgumentException, or IndexOutOfBoundsException)
   */
  constructor(text: string, groupCount: number, names: ReadonlyMap<string, number>) {
    this.#parts = readParts(text, groupCount, names);
  }

  /** The text for one match; groups that took no part in it give nothing. */
  expand(group: (number: number) => string | null): string {
    let text = '';
    for (const part of this.#parts) text += typeof part === 'string' ? part : (group(part) ?? '');
    return text;
  }
}

function readParts(
  text: string,
  groupCount: number,
  names: ReadonlyMap<string, number>,
): readonly Part[] {
  const parts: Part[] = [];
  let at = 0;
  while (at < text.length) {
    const character = text[at] ?? '';
    if (character === '\\') {
      if (at + 1 === text.length) throw new RangeError('character to be escaped is missing');
      parts.push(text[at + 1] ?? '');
      at += 2;
    } else if (character === '$') {
      const reference = readReference(text, at + 1, groupCount, names);
      parts.push(reference.group);
      at = reference.next;
    } else {
      parts.push(character);
      at += 1;
    }
  }
  return parts;
}

interface Reference {
  readonly group: number;
  readonly next: number;
}

function readReference(
  text: string,
  at: number,
  groupCount: number,
  names: ReadonlyMap<string, number>,
): Reference {
  const first = text[at];
  if (first === undefined) throw new RangeError('Illegal group reference: group index is missing');
  if (first === '{') return readNamed(text, at + 1, names);
  if (!/[0-9]/.test(first)) throw new RangeError('Illegal group reference');
  let group = Number(first);
  if (group > groupCount) throw new RangeError(`No group ${group}`);
  let next = at + 1;
  // Digits belong to the number only while there is such a group.
  for (; /[0-9]/.test(text[next] ?? ''); next++) {
    const longer = group * 10 + Number(text[next]);
    if (longer > groupCount) break;
    group = longer;
  }
  return { group, next };
}

function readNamed(text: string, at: number, names: ReadonlyMap<string, number>): Reference {
  const name = /^[A-Za-z0-9]*/.exec(text.slice(at))?.[0] ?? '';
  const end = at + name.length;
  if (name === '') {
    throw new RangeError('named capturing group has 0 length name');
  }
  if (text[end] !== '}') {
    throw new RangeError("named capturing group is missing trailing '}'");
  }
  if (/^[0-9]/.test(name)) {
    throw new RangeError(`capturing group name {${name}} starts with digit character`);
  }
  const group = names.get(name);
  if (group === undefined) throw new RangeError(`No group with name {${name}}`);
  return { group, next: end + 1 };
}
