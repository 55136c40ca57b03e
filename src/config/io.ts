/** What loading a configuration needs of the system. */
export interface ConfigIo {
  env(name: string): string | undefined;
  /** A path of the configuration as it can be opened: relative ones begin at the folder of the configuration. */
  resolve(path: string): string;
  readSecret(path: string): SecretFile;
  /** Milliseconds since 1970. */
  now(): number;
}

export type SecretFile =
  /** `open`: every user of the machine may read it. */
  | { readonly kind: 'read'; readonly text: string; readonly open: boolean }
  /** `why`: `no such file`. */
  | { readonly kind: 'failed'; readonly why: string };
