/** The rules of this house that no linter knows, as pure functions over one file's text. */
import ts from 'typescript';

/** What a rule found: the line (from 1) and what to do about it. */
export interface Finding {
  readonly line: number;
  readonly message: string;
}

/** Limits of `CONTRIBUTING.md`; generated files in `gen/` are exempt from all rules on length. */
export const limits = { sourceLines: 400, testLines: 800, functionLines: 70 } as const;

const isTestFile = (path: string): boolean => path.endsWith('.test.ts');

/** All findings of one TypeScript file. */
export function checkSource(path: string, text: string): readonly Finding[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  return [...checkFileLength(path, source), ...checkNodes(path, source), ...checkComments(text)];
}

function checkFileLength(path: string, source: ts.SourceFile): readonly Finding[] {
  const lines = source.getLineStarts().length - (source.text.endsWith('\n') ? 1 : 0);
  const limit = isTestFile(path) ? limits.testLines : limits.sourceLines;
  return lines > limit
    ? [{ line: limit, message: `${lines} lines, at most ${limit}: give each concept its own file` }]
    : [];
}

function checkNodes(path: string, source: ts.SourceFile): readonly Finding[] {
  const findings: Finding[] = [];
  const visit = (node: ts.Node): void => {
    const message = checkNode(node, source, isTestFile(path));
    if (message !== null) findings.push({ line: lineOf(source, node.getStart(source)), message });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return findings;
}

function checkNode(node: ts.Node, source: ts.SourceFile, isTest: boolean): string | null {
  if (node.kind === ts.SyntaxKind.AnyKeyword) return '`any`: say what it is, or parse `unknown`';
  if (ts.isNonNullExpression(node)) return 'non-null `!`: let the type tell it, or check';
  if (isTest && isOnly(node)) return '`only` hides the other tests of this file';
  if (isFunction(node) && !(isTest && isSuite(node))) {
    const lines = lineOf(source, node.end) - lineOf(source, node.getStart(source)) + 1;
    if (lines > limits.functionLines) {
      return `a function of ${lines} lines, at most ${limits.functionLines}: split it`;
    }
  }
  return null;
}

function isFunction(node: ts.Node): boolean {
  return (
    ts.isFunctionDeclaration(node) ||
    ts.isFunctionExpression(node) ||
    ts.isArrowFunction(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isConstructorDeclaration(node) ||
    ts.isAccessor(node)
  );
}

/** The body of `describe` or `suite` is a list of tests, not a function that somebody has to follow. */
function isSuite(node: ts.Node): boolean {
  const call = node.parent;
  return ts.isCallExpression(call) && /^(describe|suite)$/.test(call.expression.getText());
}

function isOnly(node: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(node)) {
    return (
      node.name.text === 'only' && /^(test|it|describe|suite)$/.test(node.expression.getText())
    );
  }
  return ts.isPropertyAssignment(node) && node.name.getText() === 'only';
}

// The brackets keep the rule from finding itself.
const unfinished = /\b(T[O]DO|F[I]XME|X[X]X)\b/;

function checkComments(text: string): readonly Finding[] {
  return text
    .split('\n')
    .flatMap((line, index) =>
      unfinished.test(line) && /\/\/|\*/.test(line)
        ? [{ line: index + 1, message: 'unfinished work in a comment: do it, or write an issue' }]
        : [],
    );
}

function lineOf(source: ts.SourceFile, position: number): number {
  return source.getLineAndCharacterOfPosition(position).line + 1;
}

const machinePath = /(?<![\w.])(\/(home|root|Users|work)\/[\w.-]+|[A-Z]:\\Users\\)/;

/** Paths of somebody's machine in any text file. */
export function checkText(text: string): readonly Finding[] {
  return text
    .split('\n')
    .flatMap((line, index) =>
      machinePath.test(line)
        ? [{ line: index + 1, message: 'an absolute path of one machine: make it relative' }]
        : [],
    );
}

/** Download addresses in a lock file tie the project to one package host. */
export function checkLockFile(text: string): readonly Finding[] {
  return text
    .split('\n')
    .flatMap((line, index) =>
      /"resolved": "[a-z+]+:/.test(line)
        ? [{ line: index + 1, message: 'a download address: see omit-lockfile-registry-resolved' }]
        : [],
    );
}

/** File names that say nothing about what is inside. */
export function checkFileName(path: string): readonly Finding[] {
  return /(^|\/)(utils?|helpers?|common|misc)(\.ts|\/)/.test(path)
    ? [{ line: 1, message: 'name the file after the one concept it holds' }]
    : [];
}
