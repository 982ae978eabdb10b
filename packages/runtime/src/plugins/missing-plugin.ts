import { holdsClass } from './java-archives.ts';

/** Where a worker looked for plug-ins. */
export interface SearchedPlaces {
  /** The entries of `plugin.path`. */
  readonly pluginPath: readonly string[];
  /** The jars that lie there. */
  readonly javaArchives: readonly string[];
}

/**
 * What to do about a class that is not there: tells the jar that holds it, if one does, where
 * plug-ins were looked for, and how one comes there. Begins with a blank.
 *
 * @param kind what the class should be, for people: `connector`
 */
export function missingPluginAdvice(name: string, kind: string, places: SearchedPlaces): string {
  const jar = places.javaArchives.find((archive) => holdsClass(archive, name));
  const java =
    jar === undefined
      ? ''
      : ` ${jar} holds that class, but it is a Java plug-in: Sluice runs plug-ins written for Node.`;
  const { pluginPath } = places;
  const elsewhere =
    pluginPath.length === 0
      ? 'plugin.path is not set'
      : `plugin.path (${pluginPath.join(', ')}) has none either`;
  return (
    `${java} No ${kind} that comes with Sluice has that name, and ${elsewhere}. If there is an npm ` +
    'package of it for Sluice, install it with "npm install --prefix <directory> <package>" in a ' +
    'directory of plugin.path and restart the worker; "sluice plugins list --plugin-path ' +
    '<directories>" shows what is found.'
  );
}
