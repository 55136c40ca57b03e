/** Structured log lines. Fields hold no secret and no text of a log record; `lib/visible.ts` makes what others wrote harmless. */
export interface Log {
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}

export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** For tests, and for what must not speak. */
export const SILENT: Log = { info: () => {}, warn: () => {}, error: () => {} };
