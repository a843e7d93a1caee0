import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {basename, join} from 'node:path';
import {parseAllDocuments} from 'yaml';
import {Inventory} from '../../src/engine/inventory.ts';
import {isArray, isObject, type JsonObject} from '../../src/engine/json.ts';
import {isKnown} from '../../src/engine/kinds.ts';
import {kubeconfigFileResource} from '../../src/engine/kubeconfig-file.ts';
import {kubeletResource} from '../../src/engine/kubelet.ts';
import {type Example, type Lesson, parseLesson} from '../../src/engine/lesson.ts';
import {type Resource, refOfObject, resourceOf} from '../../src/engine/objects.ts';
import type {Settings} from '../../src/engine/settings.ts';

const folder = join(import.meta.dirname, '../../lessons');

/** All files of lessons/, parsed or not. */
export const lessonFiles: readonly {readonly id: string; readonly text: string}[] = readdirSync(folder)
  .filter((name) => name.endsWith('.md'))
  .sort()
  .map((name) => ({id: basename(name, '.md'), text: readFileSync(join(folder, name), 'utf8')}));

export const lessonOf = (id: string): Lesson => {
  const more = join(folder, 'examples', `${id}.md`);
  const examples = existsSync(more) ? readFileSync(more, 'utf8') : undefined;
  return parseLesson(lessonFiles.find((file) => file.id === id)!.text, id, examples);
};

/** An API object as it is; a node's file as the kubelet that runs with it; files of the control plane are none. */
function resourcesOf(document: JsonObject): readonly Resource[] {
  const {apiVersion, kind} = refOfObject(document);
  if (kind === 'KubeletConfiguration') return [kubeletResource('rpi-2', document, 'the lesson')];
  const {node, path, mode} = document;
  // What a stat of the file shows.
  if (kind === '' && typeof mode === 'string')
    return [kubeconfigFileResource(String(node), String(path), Number.parseInt(mode, 8))];
  return isKnown(apiVersion, kind) ? [resourceOf(document)] : [];
}

/** What a control asks of a cluster before it judges namespaces and pods: an API server that can be seen. */
const apiServer = resourceOf({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {name: 'kube-apiserver-rpi-1', namespace: 'kube-system'},
  spec: {
    containers: [
      {name: 'kube-apiserver', image: 'registry.k8s.io/kube-apiserver:v1.36.3', command: ['kube-apiserver']},
    ],
  },
});

/** What stands for the cluster in every list of its objects. */
const system = resourceOf({apiVersion: 'v1', kind: 'Namespace', metadata: {name: 'kube-system'}});

const documentsOf = ({code}: Example): readonly JsonObject[] =>
  parseAllDocuments(code.text)
    .map((document): unknown => document.toJS())
    .filter(isObject);

/** The objects of an example, and what a control asks of a cluster beside them. */
export function exampleInventory(example: Example): Inventory {
  const own = documentsOf(example).flatMap(resourcesOf);
  const needsCluster = example.controls.every((id) => !id.startsWith('C-'));
  return new Inventory([
    ...own,
    ...(example.controls.includes('C-0068') ? [apiServer] : []),
    ...(needsCluster && !own.some(({kind, name}) => kind === 'Namespace' && name === system.name)
      ? [system]
      : []),
  ]);
}

/** The day on which examples are judged, and what one of them says in the words of kubekata.yaml. */
export const exampleSettings = (example: Example): Settings => {
  const lists = documentsOf(example).flatMap(({registries}) => (isArray(registries) ? [registries] : []));
  return {
    today: '2026-11-23',
    ...(lists[0] === undefined ? {} : {registries: lists[0].map(String)}),
  };
};

/** What a lesson shows as wrong for a control: its Before, and the control's own. */
export const brokenInventories = (lesson: Lesson, control: string): readonly Inventory[] =>
  [lesson.before, ...lesson.examples.filter((one) => one.control === control).map(({before}) => before)].map(
    exampleInventory,
  );
