const CAPACITY_MIN = 16;
const LOAD_FACTOR = 0.75;

/** `String.hashCode`. */
export function javaHashCode(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash;
}

/**
 * Strings in the order in which Java's `HashSet` or `HashMap` gives them, after they were added one
 * by one. Java shows this order in texts and in the bytes of source offsets.
 */
export function javaHashOrder(texts: Iterable<string>): readonly string[] {
  const distinct = [...new Set(texts)];
  let capacity = CAPACITY_MIN;
  while (distinct.length > capacity * LOAD_FACTOR) capacity *= 2;
  const bucketOf = (text: string): number => {
    const hash = javaHashCode(text);
    return (hash ^ (hash >>> 16)) & (capacity - 1);
  };
  return distinct.sort((a, b) => bucketOf(a) - bucketOf(b));
}
