import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';
import { remember, remembered } from '../remember.ts';
import { storeOf } from '../store.ts';

/** Mantine's own names, said with the tokens of tokens.css: what Mantine draws follows the same theme. */

const INK: MantineColorsTuple = [
  '#EEF2F4',
  '#DDE3E6',
  '#C3CCD1',
  '#9AA7AE',
  '#76828B',
  '#5D6971',
  '#45515A',
  '#2C363D',
  '#1B2126',
  '#12181C',
];

export const mantineTheme = createTheme({
  primaryColor: 'ink',
  primaryShade: { light: 9, dark: 0 },
  autoContrast: true,
  colors: { ink: INK },
  fontFamily: 'var(--font)',
  fontFamilyMonospace: 'var(--mono)',
  fontSizes: {
    xs: 'var(--fs-small)',
    sm: 'var(--fs-table)',
    md: 'var(--fs-body)',
    lg: 'var(--fs-lead)',
    xl: 'var(--fs-title)',
  },
  headings: { fontFamily: 'var(--font)', fontWeight: '600' },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '20px', xl: '24px' },
  radius: { xs: '4px', sm: '6px', md: '10px', lg: '10px', xl: '10px' },
  defaultRadius: 'sm',
  focusRing: 'auto',
  respectReducedMotion: true,
  shadows: { xs: 'none', sm: 'none', md: 'var(--shadow-float)', lg: 'var(--shadow-float)', xl: 'var(--shadow-float)' },
});

const VARIABLES = {
  '--mantine-color-body': 'var(--surface)',
  '--mantine-color-text': 'var(--text)',
  '--mantine-color-default': 'var(--surface)',
  '--mantine-color-default-hover': 'var(--hover)',
  '--mantine-color-default-color': 'var(--text)',
  '--mantine-color-default-border': 'var(--line-strong)',
  '--mantine-color-dimmed': 'var(--text-2)',
  '--mantine-color-placeholder': 'var(--text-3)',
  '--mantine-color-anchor': 'var(--link)',
  '--mantine-color-error': 'var(--critical)',
};

export const variables: CSSVariablesResolver = () => ({ variables: {}, light: VARIABLES, dark: VARIABLES });

/** Null: as the system has it. */
export type ThemeName = 'light' | 'dark' | null;

export const theme = storeOf<ThemeName>(asTheme(remembered('theme')));
export const isSystemDark = storeOf(matchMedia('(prefers-color-scheme: dark)').matches);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', ({ matches }) => isSystemDark.set(matches));

export function choose(name: ThemeName): void {
  theme.set(name);
  remember('theme', name);
  if (name === null) delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = name;
}

function asTheme(text: string | null): ThemeName {
  return text === 'light' || text === 'dark' ? text : null;
}
