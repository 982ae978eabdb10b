/**
 * A loader that runs once, when its result is first asked for. For pure, deterministic choices only
 * (which native module is there): it keeps imports free of work without being state that two users
 * could disagree about.
 */
export function lazily<T>(load: () => T): () => T {
  let held: { readonly value: T } | null = null;
  return () => {
    held ??= { value: load() };
    return held.value;
  };
}
