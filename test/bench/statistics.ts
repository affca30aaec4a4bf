/** What is said of a row of measurements. */
export interface Summary {
  readonly count: number;
  readonly median: number;
  /** Quartiles: half of the values lie between them. */
  readonly low: number;
  readonly high: number;
}

/** Linear interpolation between the two nearest ranks; `values` sorted, not empty. */
export function quantile(values: readonly number[], at: number): number {
  const rank = (values.length - 1) * at;
  const below = values[Math.floor(rank)]!;
  const above = values[Math.ceil(rank)]!;
  return below + (above - below) * (rank - Math.floor(rank));
}

/** Throws where there is nothing to say anything about. */
export function summarize(values: readonly number[]): Summary {
  if (values.length === 0) throw new Error('nothing was measured');
  const sorted = [...values].sort((a, b) => a - b);
  return {
    count: sorted.length,
    median: quantile(sorted, 0.5),
    low: quantile(sorted, 0.25),
    high: quantile(sorted, 0.75),
  };
}

/** Slope of the straight line nearest to the points, by least squares. Throws with fewer than two of them. */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
  if (points.length < 2) throw new Error('a slope needs two points');
  const mean = (at: 0 | 1): number =>
    points.reduce((sum, point) => sum + point[at], 0) / points.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  const covariance = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  const variance = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return covariance / variance;
}
