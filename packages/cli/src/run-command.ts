/**
 * Runs the command and settles with its exit code. Each command is imported when it is asked for:
 * none costs the others' start anything. The arguments of `standalone` are Java's, usage and exit
 * code included (R9.01), so that nothing has to be parsed for it.
 */
export async function runCommand(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === 'standalone') {
    const { standaloneCommand } = await import('./standalone/standalone-command.ts');
    return standaloneCommand(rest);
  }
  const { parseCommand } = await import('./command-line.ts');
  return parseCommand(args);
}
