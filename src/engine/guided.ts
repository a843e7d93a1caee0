import type {Change, Fix, Step} from './change.ts';
import type {View} from './control.ts';
import {type DiffRow, fold, objectDiff} from './diff.ts';
import {asArray, asObject, asString, type JsonObject} from './json.ts';
import {kubeletOf} from './kubelet.ts';
import {kubeletConfigFile, manifestsFolder, nodeFileRef, unseenManifest} from './node-file.ts';
import {fileAfter} from './simulate-file.ts';

type FileStep = Extract<Step, {do: 'file'}>;

/** What to change in one file of one node, by hand. */
export type GuidedFile = {
  readonly node: string;
  readonly file: string;
  readonly rows: readonly DiffRow[];
};

/**
 * The files of nodes that a change edits, where no API writes them: the difference to what the API shows of them, which
 * is the static pod for a manifest and its configuration for a kubelet; all lines of a file that is new.
 */
export function guidedFiles(change: Change, view: View): readonly GuidedFile[] {
  return change.steps.flatMap((step) => {
    if (step.do !== 'file') return [];
    const before = shownOf(step, view);
    const after = fileAfter(before, step.edits);
    const rows = fold(objectDiff(before, after), 1);
    return [{node: step.node, file: step.file, rows}];
  });
}

function shownOf({node, file}: FileStep, view: View): JsonObject | undefined {
  const known = view.get('NodeFile', node, nodeFileRef(node, file).name);
  if (known !== undefined) return known.object;
  if (file === kubeletConfigFile) {
    const kubelet = view.get('Kubelet', '', node) ?? view.get('Kubelet', '', 'kubelet-config');
    return kubelet === undefined ? {} : kubeletOf(kubelet).config;
  }
  if (!file.startsWith(`${manifestsFolder}/`)) return undefined;
  const pod = view.list('Pod', 'kube-system').find(({name, object}) => {
    const {nodeName} = asObject(object.spec);
    return (
      nodeName === node &&
      name === `${file.slice(manifestsFolder.length + 1).replace(/\.ya?ml$/, '')}-${node}`
    );
  });
  if (pod === undefined) return unseenManifest;
  const {apiVersion, kind, spec} = pod.object;
  const containers = asArray(asObject(spec).containers).map(asObject);
  return {
    apiVersion: asString(apiVersion) || 'v1',
    kind: asString(kind) || 'Pod',
    spec: {...asObject(spec), containers},
  };
}

const hiddenKey = '"*** (44 chars)"';
const ownKey = '"a key of your own: head -c 32 /dev/urandom | base64"';

/** The same as lines of text: the file, then `+ line` and `- line` among those around it. */
export const guidedLines = (fixes: readonly Fix[], view: View): readonly string[] =>
  fixes
    .filter(({kind}) => kind === 'manual')
    .flatMap(({change}) => guidedFiles(change, view))
    .filter(({rows}) => rows.some((row) => 'sign' in row && row.sign !== ' '))
    .flatMap(({node, file, rows}) => [
      `${file}${node === '' ? '' : ` on node ${node}`}`,
      ...rows.map((row) =>
        'folded' in row
          ? `  (${row.folded} lines as they are)`
          : `${row.sign} ${row.text.replace(hiddenKey, ownKey)}`.trimEnd(),
      ),
    ]);
