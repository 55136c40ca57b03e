import { z } from 'zod';
import { parseDuration } from '../lib/duration.ts';
import type { Source, SourceKind } from './source.ts';
import { Tail, type TailOptions } from './tailRun.ts';

const duration = () => z.string().regex(/^[1-9][0-9]{0,8}[smhd]$/, 'a whole number and s, m, h or d: 5s');

const schema = z.strictObject({
  paths: z
    .array(
      z
        .string()
        .min(1)
        .refine((path) => path !== '-', 'standard input cannot be followed'),
    )
    .min(1)
    .meta({ description: 'Files, folders (with all below) and globs. They need not be there yet.' }),
  start: z
    .enum(['earliest', 'latest'])
    .default('earliest')
    .meta({ description: 'At the very first start: read what is there, or only what comes from now on.' }),
  poll: duration().default('1s').meta({ description: 'How often to look where the system tells no changes.' }),
  settle: duration().default('5s').meta({
    description:
      'Unchanged for so long, a compressed file counts as written to its end, and so does a document that no line ends.',
  }),
});

export type FileConfig = z.infer<typeof schema>;

/** Follows files that grow, and folders into which files are put. */
export const fileKind: SourceKind<FileConfig> = {
  type: 'file',
  doc: 'Follows growing files through rotation, and reads new files of folders; gzip and zstd too.',
  schema: schema as z.ZodType<FileConfig>,
  create: ({ paths, start, poll, settle }) =>
    fileSource({ paths, start, poll: parseDuration(poll)! * 1000, settle: parseDuration(settle)! * 1000 }),
};

/** Exported for tests, which cannot wait for seconds. */
export function fileSource(options: TailOptions): Source {
  return {
    async run(context, signal) {
      const tail = new Tail(options, context, signal);
      try {
        await tail.run();
      } finally {
        tail.close();
      }
    },
  };
}
