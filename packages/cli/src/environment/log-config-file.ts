import { readFile } from 'node:fs/promises';
import { parseLogLevel, type LogLevel } from '@sluice/runtime';

/** What is read of a log4j or log4j2 file: levels, and the files that it writes to. */
export interface LogConfig {
  readonly rootLevel: LogLevel | null;
  readonly levels: ReadonlyMap<string, LogLevel>;
  /** Of file appenders; empty when it writes to the console only. */
  readonly files: readonly string[];
  /** Whether it writes to the console too. */
  readonly hasConsole: boolean;
}

/**
 * Reads a log4j file (`.properties`, `.yaml` or `.xml`, of log4j 1 or 2), as far as it says how much
 * is logged and where. Layouts, patterns and other appenders are Java's.
 */
export async function readLogConfig(file: string): Promise<LogConfig> {
  return parseLogConfig(await readFile(file, 'utf8'), file);
}

/** As `readLogConfig`, of a text; the ending of `file` tells its format. */
export function parseLogConfig(text: string, file: string): LogConfig {
  if (/\.xml$/i.test(file)) return ofXml(text);
  if (/\.ya?ml$/i.test(file)) return ofYaml(text);
  return ofProperties(text);
}

class Found {
  rootLevel: LogLevel | null = null;
  readonly levels = new Map<string, LogLevel>();
  readonly files: string[] = [];
  hasConsole = false;

  /** Values may be references such as `${kafka.logs.dir}`: these can't be resolved and are left out. */
  level(name: string, text: string): void {
    const level = parseLogLevel(text.trim());
    if (level === null) return;
    if (name === '' || name.toLowerCase() === 'root') this.rootLevel = level;
    else this.levels.set(name, level);
  }

  file(path: string): void {
    if (path !== '' && !path.includes('${')) this.files.push(path);
  }
}

function ofProperties(text: string): LogConfig {
  const found = new Found();
  const entries = text
    .split(/\r?\n/)
    .map((line) => /^\s*([^#!=:\s]+)\s*[=:]\s*(.*?)\s*$/.exec(line))
    .flatMap((match) => (match === null ? [] : [[match[1] ?? '', match[2] ?? ''] as const]));
  const names = new Map(
    entries.flatMap(([key, value]) => {
      const name = /^logger\.([\w-]+)\.name$/.exec(key)?.[1];
      return name === undefined ? [] : [[name, value] as const];
    }),
  );
  for (const [key, value] of entries) {
    const first = value.split(',')[0] ?? '';
    if (key === 'log4j.rootLogger' || key === 'rootLogger' || key === 'rootLogger.level')
      found.level('', first);
    const old = /^log4j\.(?:logger|category)\.(.+)$/.exec(key)?.[1];
    if (old !== undefined) found.level(old, first);
    const modern = /^logger\.([\w-]+)\.level$/.exec(key)?.[1];
    if (modern !== undefined) found.level(names.get(modern) ?? modern, value);
    if (/^(log4j\.)?appender\..*\.(file|fileName)$/i.test(key)) found.file(value);
    if (/^(log4j\.)?appender\.[\w-]+(\.type)?$/.test(key) && /Console/.test(value))
      found.hasConsole = true;
  }
  return found;
}

function ofXml(text: string): LogConfig {
  const found = new Found();
  for (const [, attributes = ''] of text.matchAll(/<(?:Logger|Root)\b([^>]*)>/gi)) {
    found.level(attribute(attributes, 'name'), attribute(attributes, 'level'));
  }
  for (const [, attributes = ''] of text.matchAll(/<(?:Rolling)?(?:RandomAccess)?File\b([^>]*)>/gi))
    found.file(attribute(attributes, 'fileName'));
  found.hasConsole = /<Console\b/i.test(text);
  return found;
}

function attribute(attributes: string, name: string): string {
  return new RegExp(`\\b${name}\\s*=\\s*"([^"]*)"`, 'i').exec(attributes)?.[1] ?? '';
}

/** Line by line: a name and a level that stand beside each other belong together. */
function ofYaml(text: string): LogConfig {
  const found = new Found();
  let name: string | null = null;
  let isRoot = false;
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*-?\s*(Rolling)?(RandomAccess)?File\s*:/.test(line)) isRoot = false;
    if (/^\s*-?\s*Console\s*:/.test(line)) found.hasConsole = true;
    if (/^\s*Root\s*:/.test(line)) {
      isRoot = true;
      name = null;
    }
    const named = /^\s*-?\s*name\s*:\s*["']?([^"'#]+?)["']?\s*$/.exec(line)?.[1];
    if (named !== undefined) {
      name = named;
      isRoot = false;
    }
    const level = /^\s*-?\s*level\s*:\s*["']?(\w+)/.exec(line)?.[1];
    if (level !== undefined && (isRoot || name !== null))
      found.level(isRoot ? '' : (name ?? ''), level);
    const file = /^\s*fileName\s*:\s*["']?([^"'#]+?)["']?\s*$/.exec(line)?.[1];
    if (file !== undefined) found.file(file);
  }
  return found;
}
