/**
 * Reads `user=password` lines in the syntax of Java's properties files: comments, line ends behind a
 * backslash, `=`, `:` or space between the two, escapes; bytes are UTF-8, or Latin-1 where they are
 * not valid UTF-8.
 */
export function parseUsersFile(bytes: Uint8Array): ReadonlyMap<string, string> {
  const users = new Map<string, string>();
  for (const line of logicalLines(textOf(bytes))) {
    const [, key = '', value = ''] =
      /^((?:[^\\=:\s]|\\.)*)[ \t\f]*[=:]?[ \t\f]*(.*)$/s.exec(line) ?? [];
    users.set(unescaped(key), unescaped(value));
  }
  return users;
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return Buffer.from(bytes).toString('latin1');
  }
}

/** Lines that say something, those that end in a backslash joined with the next. */
function logicalLines(text: string): readonly string[] {
  const lines: string[] = [];
  let open: string | null = null;
  for (const natural of text.split(/\r\n|\r|\n/)) {
    const line = natural.replace(/^[ \t\f]+/, '');
    if (open === null && (line === '' || /^[#!]/.test(line))) continue;
    const isContinued = /(?:^|[^\\])(?:\\\\)*\\$/.test(line);
    open = (open ?? '') + (isContinued ? line.slice(0, -1) : line);
    if (isContinued) continue;
    lines.push(open);
    open = null;
  }
  return open === null ? lines : [...lines, open];
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['f', '\f'],
]);

function unescaped(text: string): string {
  return text.replaceAll(/\\(?:u([0-9a-fA-F]{4})|(.))/gs, (_whole, hex?: string, one?: string) =>
    hex === undefined
      ? (ESCAPES.get(one ?? '') ?? one ?? '')
      : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
