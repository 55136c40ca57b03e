import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Part } from './pack.ts';

/** Where an archive is: a folder, or a container of a storage account. Plain texts, as they go to another thread. */
export interface ArchivePlace {
  readonly folder: string | null;
  readonly container: {
    readonly name: string;
    readonly url: string | null;
    readonly connectionString: string | null;
    readonly clientId: string | null;
  } | null;
}

/** Puts a file there whole, or not at all; one of the same name is replaced. */
export type Put = (part: Part) => Promise<void>;

export async function putterOf({ folder, container }: ArchivePlace): Promise<Put> {
  if (folder !== null) return async (part) => putFile(folder, part);
  if (container === null) throw new Error('an archive has a folder or a container');
  const { BlobServiceClient } = await import('@azure/storage-blob');
  const { credentialOf } = await import('../../sources/azureCredential.ts');
  const { connectionString, url, clientId, name } = container;
  const service =
    connectionString === null
      ? new BlobServiceClient(url!, await credentialOf(clientId ?? undefined))
      : BlobServiceClient.fromConnectionString(connectionString);
  const client = service.getContainerClient(name);
  return async ({ path, bytes }) => {
    await client.getBlockBlobClient(path).uploadData(bytes);
  };
}

function putFile(folder: string, { path, bytes }: Part): void {
  const whole = join(folder, path);
  const half = `${whole}.half`;
  mkdirSync(dirname(whole), { recursive: true, mode: 0o750 });
  const file = openSync(half, 'w', 0o640);
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(half, whole);
}
