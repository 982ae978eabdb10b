import { defaultName, defaultText, isDefault, isDefaultName, typeText } from './field-code.ts';
import type { Field, Struct } from './model.ts';
import type { VersionRange } from './version-range.ts';

/** The interface of a struct; fields that not every version has say which. */
export function emitInterface(struct: Struct): string {
  const fields = struct.fields.map((field) => {
    const note = versionNote(field, struct.versions);
    return `${note}readonly ${field.name}: ${typeText(field)};\n`;
  });
  return `export interface ${struct.typeName} {\n${fields.join('')}}\n`;
}

function versionNote(field: Field, within: VersionRange): string {
  const { low, high } = field.versions;
  if (low === within.low && high === within.high) return '';
  if (high === within.high) return `/** Since version ${low}. */\n`;
  if (low === high) return `/** In version ${low} only. */\n`;
  const text = low === within.low ? `Up to version ${high}` : `In versions ${low} to ${high}`;
  return `/** ${text}. */\n`;
}

/** The struct's default, and the comparison with it: for structs that stand alone in a field. */
export function emitDefault(struct: Struct): string {
  const type = struct.typeName;
  const values = struct.fields.map((field) => `${field.name}: ${defaultText(field)},\n`).join('');
  const checks = struct.fields.map((field) => isDefault(field, `value.${field.name}`));
  return `/** What an absent ${struct.name} stands for. */
export const ${defaultName(struct)}: ${type} = {\n${values}};

function ${isDefaultName(struct)}(value: ${type}): boolean {
return ${checks.join(' && ')};
}
`;
}
