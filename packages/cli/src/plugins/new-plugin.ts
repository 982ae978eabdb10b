import { EXIT_CODE } from '../exit-code.ts';
import { jsonText, type Terminal } from '../output/terminal.ts';
import { SLUICE_VERSION } from '../sluice-version.ts';
import { reportFailure } from '../output/report-failure.ts';
import { TEMPLATE_KINDS, type TemplateKind } from './new/plugin-template.ts';
import { scaffoldPlugin } from './new/scaffold-plugin.ts';

/** `sluice plugins new <kind> <package> [directory]`: a package that passes its tests at once. */
export async function newPlugin(
  words: readonly string[],
  isJson: boolean,
  terminal: Terminal,
): Promise<number> {
  const [kind = '', packageName, directory] = words;
  if (!isKind(kind) || packageName === undefined) {
    const kinds = TEMPLATE_KINDS.join(' | ');
    terminal.error(`sluice: plugins new <${kinds}> <package name> [directory]\n`);
    return EXIT_CODE.usage;
  }
  const place = directory ?? packageName.slice(packageName.indexOf('/') + 1);
  try {
    const files = await scaffoldPlugin({
      kind,
      packageName,
      directory: place,
      sluiceVersion: SLUICE_VERSION,
    });
    const list = files.map((file) => `  ${file}\n`).join('');
    const next = `Next: cd ${place} && npm install && npm test\n`;
    terminal.out(
      isJson ? jsonText({ directory: place, files }) : `Wrote to ${place}:\n${list}${next}`,
    );
  } catch (error) {
    return reportFailure(terminal, error);
  }
  return EXIT_CODE.ok;
}

function isKind(kind: string): kind is TemplateKind {
  return TEMPLATE_KINDS.some((each) => each === kind);
}
