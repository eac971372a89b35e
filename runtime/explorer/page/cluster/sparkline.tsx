import type { JSX } from "preact";

interface SparklineProps {
  readonly values: readonly number[];
  readonly label: string;
}

const WIDTH = 200;
const HEIGHT = 36;

/** A small line chart without axes: only its shape matters. */
export function Sparkline({ values, label }: SparklineProps): JSX.Element | null {
  if (values.length < 2) return <div class="sparkline" aria-hidden="true" />;
  const most = Math.max(...values);
  const least = Math.min(...values);
  const range = most - least || 1;
  const points = values.map((value, index) => {
    const x = (index / (values.length - 1)) * WIDTH;
    const y = most === least ? HEIGHT - 2 : HEIGHT - 2 - ((value - least) / range) * (HEIGHT - 4);
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  });
  return (
    <svg class="sparkline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={label}>
      <polygon points={`0,${HEIGHT} ${points.join(" ")} ${WIDTH},${HEIGHT}`} />
      <polyline points={points.join(" ")} />
    </svg>
  );
}
