import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {delimiter, join} from 'node:path';
import type {ClusterAccess} from '../kubeconfig.ts';

/**
 * KUBECONFIG for a shell on this context. Where it is not the current one, a small file in front (no credentials in it)
 * makes it so for the shell alone; `end` removes that file.
 */
export function shellEnvironment(
  {context, files}: ClusterAccess,
  currentContext: string,
): {readonly environment: Readonly<Record<string, string>>; readonly end: () => void} {
  let folder: string | undefined;
  return {
    environment: {
      get KUBECONFIG() {
        if (context.name === currentContext) return files.join(delimiter);
        folder ??= writeContext(context.name);
        return [join(folder, 'context.json'), ...files].join(delimiter);
      },
    },
    end() {
      if (folder !== undefined) rmSync(folder, {recursive: true, force: true});
      folder = undefined;
    },
  };
}

function writeContext(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'kubekata-context-'));
  const config = {apiVersion: 'v1', kind: 'Config', 'current-context': name};
  writeFileSync(join(folder, 'context.json'), JSON.stringify(config), {mode: 0o600});
  return folder;
}
