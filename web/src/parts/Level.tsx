export type LevelName = 'critical' | 'high' | 'medium' | 'low' | 'informational';
export const LEVELS: readonly LevelName[] = ['critical', 'high', 'medium', 'low', 'informational'];
export const LEVEL_WORD: Readonly<Record<LevelName, string>> = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
  informational: 'Info',
};

/** 0 is the worst. */
export function rankOf(level: LevelName): number {
  return LEVELS.indexOf(level);
}

/** A shape of its own for each level, so that no level is told by colour alone. */
export function LevelMark({ level }: { readonly level: LevelName }) {
  return (
    <svg className={`mark mark-${level}`} viewBox="0 0 16 16" aria-hidden="true">
      {SHAPES[level]}
    </svg>
  );
}

const SHAPES: Readonly<Record<LevelName, React.ReactNode>> = {
  critical: (
    <>
      <path d="M8 0.6 15.4 8 8 15.4 0.6 8Z" />
      <path className="mark-cut" d="M7.1 4.2h1.8l-.3 4.9H7.4Zm.9 5.7a1 1 0 1 1 0 2 1 1 0 0 1 0-2Z" />
    </>
  ),
  high: <path d="M8 1.6 15.2 14.2H.8Z" />,
  medium: <rect x="2" y="2" width="12" height="12" rx="1" />,
  low: <circle cx="8" cy="8" r="5.6" fill="none" stroke="currentColor" strokeWidth="2.2" />,
  informational: <rect x="2" y="7" width="12" height="2.2" rx="1" />,
};

/** @param isPlain critical without its filled ground: inside tables */
export function Level({ level, isPlain = false }: { readonly level: LevelName; readonly isPlain?: boolean }) {
  return (
    <span className={`lvl lvl-${level}${isPlain ? ' lvl-plain' : ''}`}>
      <LevelMark level={level} />
      {LEVEL_WORD[level]}
    </span>
  );
}
