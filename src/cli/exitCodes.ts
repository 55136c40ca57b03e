/** How every command ends. */
export const EXIT_CODES = [
  { code: 0, means: 'done, alerts found or not; what is valid and empty counts as read' },
  {
    code: 1,
    means:
      'failed: nothing at all could be read or written, or an error of cosmowatch; `rules test`: a case is not as expected',
  },
  { code: 2, means: 'called wrongly: an option, a rule, an inventory' },
  {
    code: 3,
    means:
      'done, and an alert of the `--fail-on` level or above was found, whether `--min-level` lets it be printed or not',
  },
  { code: 4, means: 'done, but records or files were left out, and `--strict` was given' },
] as const;
