import {readdirSync, readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {plainText} from '../../engine/text.ts';

const logs = 'var/log/pods';
const pod = /^kube-system_kube-apiserver-/;
/** A line that a container wrote to its error output before it ended, behind the time that the runtime puts there. */
const last = /^\S+ stderr F (?:E\d{4} \S+ +\d+ \S+\] )?(.*)$/;

/**
 * Why the API server of a folder of nodes does not run, as the log on its node ends: a sentence with the place. Undefined
 * where no log tells a fault.
 */
export function whyAway(folder: string): string | undefined {
  const files = below(folder).flatMap((node) =>
    below(join(folder, node, logs))
      .filter((name) => pod.test(name))
      .flatMap((name) => filesIn(join(folder, node, logs, name, 'kube-apiserver'))),
  );
  const [newest] = files.sort((a, b) => b.at - a.at);
  if (newest === undefined) return undefined;
  const line = readFileSync(newest.path, 'utf8').trimEnd().split('\n').at(-1) ?? '';
  const text = last.exec(line)?.[1] ?? '';
  const isFault = /^"command failed"|^Error:/.test(text);
  return isFault ? `The API server ended with: ${plainText(text)} (${newest.path}).` : undefined;
}

function filesIn(folder: string): readonly {readonly path: string; readonly at: number}[] {
  return below(folder).map((name) => {
    const path = join(folder, name);
    return {path, at: statSync(path).mtimeMs};
  });
}

function below(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
