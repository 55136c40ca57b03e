/** A step of the schema. Never changed once released: a later one corrects it. */
export interface Migration {
  /** Ascending, without gaps in time: the highest that was applied is the version of the file. */
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}
