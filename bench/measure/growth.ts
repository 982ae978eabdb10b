/**
 * The exponent with which a cost grows with a size: the slope of the straight line that fits the
 * logarithms best (least squares). 1 is proportional. Points without a cost can't be on it.
 */
export function growthExponent(points: readonly (readonly [size: number, cost: number])[]): number {
  const logs = points
    .filter(([size, cost]) => size > 0 && cost > 0)
    .map(([size, cost]) => [Math.log(size), Math.log(cost)] as const);
  const meanOf = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [meanOf(logs.map(([size]) => size)), meanOf(logs.map(([, cost]) => cost))];
  const covariance = logs.reduce((sum, [size, cost]) => sum + (size - x) * (cost - y), 0);
  const variance = logs.reduce((sum, [size]) => sum + (size - x) ** 2, 0);
  return covariance / variance;
}
