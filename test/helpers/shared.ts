import {existsSync} from 'node:fs';
import {join} from 'node:path';

const root = join(import.meta.dirname, '../../../shared');

/** Whether the folder that holds the conformance pack and the real control plane is beside this checkout. */
export const hasShared = existsSync(join(root, 'conformance'));

export const shared = (path: string): string => join(root, path);
