import type { Resource } from '../resource.ts';

/** A resource that a path belongs to, with the variable parts of the path. */
export interface Match {
  readonly resource: Resource;
  readonly params: ReadonlyMap<string, string>;
}

interface Route {
  readonly resource: Resource;
  /** One per segment: the literal text, or null with the variable's name beside it. */
  readonly parts: readonly { readonly literal: string | null; readonly name: string }[];
}

/** Finds the resource of a path. Literal parts win over variable ones. */
export class RouteTable {
  readonly #byLength = new Map<number, Route[]>();

  /** Resources of one path, wherever they are written down, are one. */
  constructor(resources: readonly Resource[]) {
    for (const resource of merged(resources)) {
      const parts = resource.path
        .split('/')
        .filter((part) => part !== '')
        .map((part) => (part.startsWith(':') ? variable(part) : { literal: part, name: '' }));
      const routes = this.#byLength.get(parts.length) ?? [];
      routes.push({ resource, parts });
      this.#byLength.set(parts.length, routes);
    }
    for (const routes of this.#byLength.values())
      routes.sort((a, b) => variables(a) - variables(b));
  }

  /** @param segments of the path, decoded */
  find(segments: readonly string[]): Match | null {
    for (const { resource, parts } of this.#byLength.get(segments.length) ?? []) {
      const params = new Map<string, string>();
      const isMatch = parts.every(({ literal, name }, at) => {
        const segment = segments[at] ?? '';
        if (literal === null) params.set(name, segment);
        return literal === null || literal === segment;
      });
      if (isMatch) return { resource, params };
    }
    return null;
  }
}

function variable(part: string): { readonly literal: null; readonly name: string } {
  return { literal: null, name: part.slice(1) };
}

function variables({ parts }: Route): number {
  return parts.filter(({ literal }) => literal === null).length;
}

/** One resource per path: of paths that stand in two tables, methods are joined. */
export function merged(resources: readonly Resource[]): readonly Resource[] {
  const paths = new Map<string, Resource>();
  for (const resource of resources) {
    const { path } = resource;
    const methods = { ...paths.get(path)?.methods, ...resource.methods };
    paths.set(path, { ...resource, methods });
  }
  return [...paths.values()];
}
