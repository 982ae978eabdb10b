import { nearestName } from '@sluice/api';

/** A class with its short names. */
export interface NamedClass {
  readonly className: string;
  readonly aliases: readonly string[];
}

const KIND_SUFFIX = /(Connector|Converter|Transformation|Predicate)$/;
const DIRECTION_SUFFIX = /(Source|Sink)$/;

/**
 * The class whose name differs least. A name with the suffix of its kind is compared without it:
 * else every converter would look much like every other.
 */
export function nearestClass(name: string, plugins: readonly NamedClass[]): string | null {
  const byClass = new Map(plugins.map(({ className }) => [className, className]));
  const simple = simpleName(name);
  const short = simple.replace(KIND_SUFFIX, '');
  const byShortName = new Map(
    plugins.flatMap(({ className, aliases }) =>
      short === simple
        ? aliases.map((alias) => [alias, className])
        : [[simpleName(className).replace(KIND_SUFFIX, ''), className]],
    ),
  );
  const nearest = nearestName(short, byShortName.keys());
  return (
    nearestName(name, byClass.keys()) ??
    (nearest === null || !isOfOneSystem(short, nearest) ? null : (byShortName.get(nearest) ?? null))
  );
}

/** `JmsSource` and `JdbcSource` differ in two letters, and in all that matters. */
function isOfOneSystem(name: string, nearest: string): boolean {
  const system = name.replace(DIRECTION_SUFFIX, '');
  const other = nearest.replace(KIND_SUFFIX, '').replace(DIRECTION_SUFFIX, '');
  return system === name || nearestName(system, [other]) !== null;
}

/** What stands after the package. */
export function simpleName(className: string): string {
  return className.slice(className.lastIndexOf('.') + 1);
}
