/** The page that was wanted: a path of this console, never an address elsewhere. */
export function pathOf(to: string | undefined): string {
  if (to === undefined || !/^\/(?![/\\])[^\s\\]*$/.test(to) || to.startsWith('/sign-in')) return '/';
  return to;
}
