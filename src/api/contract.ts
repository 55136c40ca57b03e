/*
 * What the HTTP API takes and gives: all that the console knows of the rest. `base.ts` has alerts and what surrounds them; `pages.ts` accounts,
 * rules, sources and receivers in full.
 */
export * from './contract/base.ts';
export * from './contract/pages.ts';
