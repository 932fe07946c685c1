/** A duration as people read it: `85 ms`, `1.4 s`, `2 min 13 s`. */
export function seconds(value: number): string {
  if (value < 0.1) return `${Math.round(value * 1000)} ms`;
  if (value < 100) return `${value.toFixed(1)} s`;
  return `${Math.floor(value / 60)} min ${Math.round(value % 60)} s`;
}
