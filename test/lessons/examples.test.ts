import {describe, expect, it} from 'vitest';
import {parseAllDocuments} from 'yaml';
import {controls} from '../../controls/index.ts';
import type {AnyControl} from '../../src/engine/control.ts';
import {Inventory} from '../../src/engine/inventory.ts';
import {isObject, type JsonObject} from '../../src/engine/json.ts';
import {isKnown} from '../../src/engine/kinds.ts';
import {kubeletResource} from '../../src/engine/kubelet.ts';
import type {Example} from '../../src/engine/lesson.ts';
import {type Resource, refOfObject, resourceOf} from '../../src/engine/objects.ts';
import {Scanner} from '../../src/engine/scan.ts';
import {lessonFiles, lessonOf} from '../helpers/lessons.ts';

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

function inventoryOf({code, controls: ids}: Example): Inventory {
  const documents = parseAllDocuments(code.text).map((document): unknown => document.toJS());
  const own = documents.filter(isObject).flatMap(resourcesOf);
  return new Inventory(ids.includes('C-0068') ? [...own, apiServer] : own);
}

/** The verdict of one control alone: what the system's own objects are excused from, an example is not. */
function judge(control: AnyControl, example: Example) {
  const {id, title, baseScore} = control.meta;
  const entries = [{id, title, baseScore, control}];
  const framework = {
    id: 'one',
    title: 'One control',
    scoring: 'mean',
    excuses: () => undefined,
    entries,
  } as const;
  const {status, reason, failed} = new Scanner(framework, inventoryOf(example)).scan().controls[0]!;
  return {status, reason, failed: failed > 0};
}

const cases = lessonFiles.flatMap(({id}) => {
  const lesson = lessonOf(id);
  const ids = new Set([...lesson.before.controls, ...lesson.after.controls]);
  return controls
    .filter(({meta}) => ids.has(meta.id))
    .map((control) => ({id, lesson, control, rule: control.meta.id}));
});

describe('the examples of the lessons', () => {
  it.each(cases)('$id: Before fails $rule', ({lesson, control}) => {
    expect(judge(control, lesson.before)).toMatchObject({status: 'failed', failed: true});
  });

  it.each(cases)('$id: After passes $rule', ({lesson, control}) => {
    expect(judge(control, lesson.after)).toMatchObject({status: 'passed', failed: false});
  });

  it('know only controls that exist', () => {
    const known = new Set(controls.map(({meta}) => meta.id));
    const named = lessonFiles.flatMap(({id}) => lessonOf(id).before.controls);
    expect(named.filter((id) => !known.has(id))).toEqual([]);
  });
});
