const HINTS: readonly (readonly [keys: readonly string[], does: string])[] = [
  [['J', 'K'], 'move'],
  [['Enter'], 'open'],
  [['X'], 'select'],
  [['A'], 'acknowledge'],
  [['R'], 'resolve'],
  [['/'], 'filter'],
  [['?'], 'all keys'],
];

export function KeyHints() {
  return (
    <div className="keys hide-phone">
      {HINTS.map(([keys, does]) => (
        <span key={does}>
          {keys.map((key) => (
            <kbd key={key}>{key}</kbd>
          ))}
          {does}
        </span>
      ))}
    </div>
  );
}
