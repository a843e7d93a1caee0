import {execFile} from 'node:child_process';
import {readdirSync, readFileSync, statSync} from 'node:fs';
import {join, relative, sep} from 'node:path';
import {asObject, asString, type JsonObject} from '../../engine/json.ts';
import {type Kustomization, reachable, readKustomization} from './kustomization.ts';
import type {Problem} from './problems.ts';
import {codeOf, type Walk} from './walk.ts';
import {parseYaml, toJson} from './yaml.ts';

/** A text that is no file: standard input, or what a tool made of templates. */
export type Virtual = {
  /** As it stands in sources. */
  readonly path: string;
  readonly text: string;
  /** Why it can't be edited, and what to do instead: a sentence. */
  readonly readOnly: string;
};

export type Rendered = {
  readonly virtual: readonly Virtual[];
  readonly problems: readonly Problem[];
  /** Absolute paths of files that are no objects of their own: patches, and what was rendered. */
  readonly hidden: ReadonlySet<string>;
};

export type Render = (walk: Walk) => Promise<Rendered>;

type Outcome = {readonly text: string} | {readonly reason: string};

/** Renders charts and kustomizations by the tools on PATH, each again only when one of its files changed. */
export function createRender(root: string, isEnabled: boolean): Render {
  const known = new Map<string, {readonly signature: string; readonly outcome: Outcome}>();
  const name = (path: string) => relative(root, path).split(sep).join('/') || '.';

  const cached = async (
    folder: string,
    files: readonly string[],
    run: () => Promise<Outcome>,
  ): Promise<Outcome> => {
    const signature = files.map(signatureOf).join();
    const old = known.get(folder);
    if (old?.signature === signature) return old.outcome;
    const outcome = await run();
    known.set(folder, {signature, outcome});
    return outcome;
  };

  return async (walk) => {
    const virtual: Virtual[] = [];
    const problems: Problem[] = [];
    const hidden = new Set<string>();
    for (const chart of walk.charts) {
      const label = name(chart);
      const {type, name: given} = chartOf(chart);
      if (type === 'library') continue;
      // A name that begins with a dash would be an option, and one of helm's options runs programs.
      const release = /^[a-z0-9][a-z0-9.-]*$/.test(asString(given)) ? asString(given) : 'release';
      const outcome = await cached(chart, filesBelow(chart), () =>
        isEnabled ? run([['helm', 'template', release, chart]], 'helm') : Promise.resolve(notWanted),
      );
      if ('text' in outcome) {
        const readOnly = `${label} is a Helm chart, rendered by helm: change its templates or values, and rescan.`;
        virtual.push({path: `${label} (helm template)`, text: outcome.text, readOnly});
      } else {
        const way = `helm template ${release} ${label} | kubekata scan --manifests -`;
        problems.push({
          source: label,
          message: `The Helm chart was not read: ${outcome.reason}. Render it: ${way}`,
        });
      }
    }
    for (const one of topMost(walk, problems, hidden, name)) {
      const {files, kustomizations, remote} = one.reach;
      const label = name(one.folder);
      const outcome =
        remote.length > 0
          ? {reason: `it refers to ${remote[0]}, and nothing is fetched`}
          : await cached(
              one.folder,
              [...files, ...kustomizations.flatMap(({folder}) => filesIn(folder))],
              () =>
                isEnabled
                  ? run(
                      [
                        ['kustomize', 'build', one.folder],
                        ['kubectl', 'kustomize', one.folder],
                      ],
                      'kustomize or kubectl',
                    )
                  : Promise.resolve(notWanted),
            );
      if ('text' in outcome) {
        for (const file of files) hidden.add(file);
        const sources = files.map(name);
        const readOnly = `${label} is a kustomization, rendered: change its sources (${few(sources)}), and rescan.`;
        virtual.push({path: `${label} (kustomize)`, text: outcome.text, readOnly});
      } else {
        const way = `kubectl kustomize ${label} | kubekata scan --manifests -`;
        problems.push({
          source: label,
          message: `The kustomization was not rendered: ${outcome.reason}. Its resources were read as they stand. Render it: ${way}`,
        });
      }
    }
    return {virtual, problems, hidden};
  };
}

const notWanted: Outcome = {reason: 'rendering is switched off'};

const few = (names: readonly string[]): string =>
  names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} others` : names.join(', ');

type TopMost = Kustomization & {readonly reach: ReturnType<typeof reachable>};

/** Kustomizations that no other builds on and that change their resources; their parts are hidden in any case. */
function topMost(
  walk: Walk,
  problems: Problem[],
  hidden: Set<string>,
  name: (path: string) => string,
): readonly TopMost[] {
  const all = new Map<string, Kustomization>();
  for (const folder of walk.kustomizations) {
    try {
      const one = readKustomization(folder);
      all.set(folder, one);
      for (const path of one.parts) hidden.add(path);
    } catch {
      problems.push({
        source: name(folder),
        message: 'Its kustomization can not be parsed: correct it and rescan.',
      });
    }
  }
  const used = new Set([...all.values()].flatMap(({resources}) => resources));
  return [...all.values()]
    .filter(({folder, isComponent}) => !isComponent && !used.has(folder))
    .map((one) => ({...one, reach: reachable(one, all)}))
    .filter(({reach}) => reach.remote.length > 0 || reach.kustomizations.some((part) => part.changesObjects));
}

function chartOf(folder: string): JsonObject {
  try {
    const [document] = parseYaml(readFileSync(join(folder, 'Chart.yaml'), 'utf8'));
    return asObject(document && document.errors.length === 0 ? toJson(document) : undefined);
  } catch {
    // helm says what is wrong with it.
    return {};
  }
}

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, {withFileTypes: true})
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(folder, entry.name));

const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, {recursive: true, withFileTypes: true})
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

function signatureOf(path: string): string {
  const stat = statSync(path, {throwIfNoEntry: false});
  return stat ? `${path} ${stat.mtimeMs} ${stat.size} ${stat.ino}` : path;
}

/** Output of the first of these commands that is on PATH. */
async function run(commands: readonly (readonly [string, ...string[]])[], names: string): Promise<Outcome> {
  for (const [program, ...words] of commands) {
    const outcome = await new Promise<Outcome | undefined>((done) => {
      execFile(program, words, {timeout: 30_000, maxBuffer: 256 * 1024 * 1024}, (error, stdout, stderr) => {
        if (!error) done({text: stdout});
        else if (codeOf(error) === 'ENOENT') done(undefined);
        else done({reason: `${program} says: ${firstLine(stderr) || error.message}`});
      });
    });
    if (outcome) return outcome;
  }
  return {reason: `${names} is not on PATH`};
}

const firstLine = (text: string): string =>
  (text.trim().split('\n')[0] ?? '').slice(0, 300).replace(/\.$/, '');
