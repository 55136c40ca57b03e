import { z } from 'zod';
import { duration } from '../lib/unitSchemas.ts';

export const routineSchema = z
  .object({
    open_for: duration()
      .prefault('8d')
      .describe('A routine that is not repeated within it is told at the level of its rule again'),
  })
  .prefault({})
  .describe('What one caller does again and again: its alerts are of level low');

export const memorySchema = z
  .object({
    asn: z
      .string()
      .min(1)
      .optional()
      .describe('File with the networks of addresses (mmdb, as of GeoLite2 ASN or IPinfo), to tell new networks'),
  })
  .prefault({})
  .describe('Who and what was seen at accounts in the last 90 days');
