import { readFileSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';

/** What stands in the way of reading a file or folder. */
export interface Ownership {
  /** What refuses: the path itself, or the folder above it that cannot be entered. */
  readonly path: string;
  readonly isFolder: boolean;
  readonly owner: string;
  /** The last four octal digits: `0600`. */
  readonly mode: string;
  readonly you: string;
}

/** Null: the system does not say (no owners, or nothing on the way can be looked at). */
export function ownershipOf(path: string): Ownership | null {
  if (process.getuid === undefined) return null;
  for (let at = path; ; at = dirname(at)) {
    try {
      const found = statSync(at);
      return {
        path: at,
        isFolder: found.isDirectory(),
        owner: userName(found.uid),
        mode: (found.mode & 0o7777).toString(8).padStart(4, '0'),
        you: userName(process.getuid()),
      };
    } catch (error) {
      // Only a folder that may not be entered hides what is below it.
      const isHidden = (error as NodeJS.ErrnoException).code === 'EACCES';
      if (!isHidden || dirname(at) === at) return null;
    }
  }
}

/** Node knows the name of the user that runs it, and of no other. */
function userName(id: number): string {
  try {
    const own = userInfo();
    if (own.uid === id) return own.username;
    const line = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((one) => one.split(':')[2] === `${id}`);
    return line?.split(':')[0] || `user ${id}`;
  } catch {
    return `user ${id}`;
  }
}
