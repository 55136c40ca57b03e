import './bars.css';

interface BarsProps {
  readonly values: readonly number[];
  /** For people who hear it: what was counted, and over which time. */
  readonly label: string;
}

/** A small chart of a count over time; the last bar is now. The number itself stands beside it. */
export function Bars({ values, label }: BarsProps) {
  const most = Math.max(1, ...values);
  return (
    <svg
      className="bars"
      viewBox={`0 0 ${values.length * 3} 20`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`${label}: ${values.reduce((sum, one) => sum + one, 0)} in all, at most ${Math.max(0, ...values)}`}
    >
      <path className="bars-ground" d={`M0 19.5H${values.length * 3}`} />
      {values.map((value, at) => {
        const height = value === 0 ? 0 : Math.max(2, (value / most) * 18);
        return (
          // Bars never change places.
          // biome-ignore lint/suspicious/noArrayIndexKey: as above
          <rect
            key={at}
            className={at === values.length - 1 ? 'bar-now' : 'bar'}
            x={at * 3}
            y={19 - height}
            width={2}
            height={height}
          />
        );
      })}
    </svg>
  );
}
