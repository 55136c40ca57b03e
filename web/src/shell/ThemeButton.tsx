import { IconMoon, IconSun } from '@tabler/icons-react';
import { IconButton } from '../parts/Button.tsx';
import { useStore } from '../store.ts';
import { choose, isSystemDark, theme } from '../theme/theme.ts';

export function useIsDark(): boolean {
  const chosen = useStore(theme);
  const system = useStore(isSystemDark);
  return chosen === null ? system : chosen === 'dark';
}

/** To the other theme; choosing what the system has anyway follows the system again. */
export function ThemeButton() {
  const isDark = useIsDark();
  const system = useStore(isSystemDark);
  const other = isDark ? 'light' : 'dark';
  return (
    <IconButton label={`To the ${other} theme`} onClick={() => choose((other === 'dark') === system ? null : other)}>
      {isDark ? <IconMoon size={19} stroke={1.6} /> : <IconSun size={19} stroke={1.6} />}
    </IconButton>
  );
}
