/** What this browser remembers between visits. A browser that keeps nothing remembers nothing, and that is no error. */
export function remembered(name: string): string | null {
  try {
    return localStorage.getItem(`cosmowatch.${name}`);
  } catch {
    return null;
  }
}

/** @param value null: forget it */
export function remember(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(`cosmowatch.${name}`);
    else localStorage.setItem(`cosmowatch.${name}`, value);
  } catch {
    // As above.
  }
}
