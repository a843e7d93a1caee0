import {readdirSync, readFileSync} from 'node:fs';
import {basename, join} from 'node:path';
import {parseAllDocuments} from 'yaml';
import {Inventory} from '../../src/engine/inventory.ts';
import {isObject, type JsonObject} from '../../src/engine/json.ts';
import {isKnown} from '../../src/engine/kinds.ts';
import {kubeletResource} from '../../src/engine/kubelet.ts';
import {type Example, type Lesson, parseLesson} from '../../src/engine/lesson.ts';
import {type Resource, refOfObject, resourceOf} from '../../src/engine/objects.ts';

const folder = join(import.meta.dirname, '../../lessons');

/** All files of lessons/, parsed or not. */
export const lessonFiles: readonly {readonly id: string; readonly text: string}[] = readdirSync(folder)
  .filter((name) => name.endsWith('.md'))
  .sort()
  .map((name) => ({id: basename(name, '.md'), text: readFileSync(join(folder, name), 'utf8')}));

export const lessonOf = (id: string): Lesson =>
  parseLesson(lessonFiles.find((file) => file.id === id)!.text, id);

/** An API object as it is; a node's file as the kubelet that runs with it; files of the control plane are none. */
function resourcesOf(document: JsonObject): readonly Resource[] {
  const {apiVersion, kind} = refOfObject(document);
  if (kind === 'KubeletConfiguration') return [kubeletResource('rpi-2', document, 'the lesson')];
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

/** The objects of an example, and what a control asks of a cluster beside them. */
export function exampleInventory({code, controls: ids}: Example): Inventory {
  const documents = parseAllDocuments(code.text).map((document): unknown => document.toJS());
  const own = documents.filter(isObject).flatMap(resourcesOf);
  return new Inventory(ids.includes('C-0068') ? [...own, apiServer] : own);
}
