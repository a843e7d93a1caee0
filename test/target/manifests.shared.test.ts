import {cpSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {diffArrays} from 'diff';
import {afterAll, describe, expect, it} from 'vitest';
import {parseAllDocuments} from 'yaml';
import type {Edit} from '../../src/engine/change.ts';
import {applyEdits} from '../../src/engine/edits.ts';
import {asArray, asObject, asString, type Json, type JsonObject} from '../../src/engine/json.ts';
import {type Resource, refOf} from '../../src/engine/objects.ts';
import {element, getAt, type Path} from '../../src/engine/path.ts';
import {manifestsTarget} from '../../src/target/manifests.ts';
import {hasShared, shared} from '../helpers/shared.ts';

const podPaths: Readonly<Record<string, Path>> = {
  Pod: ['spec'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
  ...Object.fromEntries(
    ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job'].map((kind) => [
      kind,
      ['spec', 'template', 'spec'],
    ]),
  ),
};

const set = (path: Path, json: Json): Edit => ({op: 'set', path, value: {json}});

/** What hardening does to a workload: new fields, new parents, values replaced, fields removed. */
function hardening({kind, object}: Resource): readonly Edit[] {
  const pod = podPaths[kind]!;
  const containers = asArray(getAt(object, [...pod, 'containers'])).map((item) =>
    asString(asObject(item).name),
  );
  return [
    ...containers.flatMap((name): readonly Edit[] => {
      const container = [...pod, 'containers', element('name', name)];
      return [
        set([...container, 'securityContext', 'allowPrivilegeEscalation'], false),
        set([...container, 'securityContext', 'capabilities', 'drop'], ['ALL']),
        set([...container, 'resources', 'limits'], {cpu: '1', memory: '512Mi'}),
        {op: 'remove', path: [...container, 'securityContext', 'privileged']},
      ];
    }),
    set([...pod, 'automountServiceAccountToken'], false),
    set([...pod, 'securityContext', 'seccompProfile', 'type'], 'RuntimeDefault'),
    {op: 'remove', path: [...pod, 'hostNetwork']},
  ];
}

/** Lines that an edit took away or rewrote, and lines that it wrote. */
const changed = (before: string, after: string): readonly string[] =>
  diffArrays(before.split(/\r?\n/), after.split(/\r?\n/)).flatMap(({added, removed, value}) =>
    added || removed ? value : [],
  );

const data = (text: string): readonly unknown[] =>
  parseAllDocuments(text, {merge: true, logLevel: 'error'}).map((document) => document.toJS());

describe.skipIf(!hasShared)('hardening real manifests on disk', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kubekata-manifests-'));
  afterAll(() => rmSync(folder, {recursive: true}));

  for (const name of [
    'argo-cd',
    'argo-events',
    'argo-workflows',
    'k8s-examples',
    'kube-prometheus',
    'online-boutique',
    'fix',
  ]) {
    for (const eol of ['\n', '\r\n']) {
      it(`${name}${eol === '\n' ? '' : ' with line breaks of Windows'}: data as intended, other lines as they were`, async () => {
        const root = join(folder, `${name}-${eol.length}`);
        cpSync(shared(name === 'fix' ? 'conformance/fix' : `conformance/files/${name}/manifests`), root, {
          recursive: true,
        });
        const texts = new Map<string, string>();
        for (const path of globSync('**/*.*', {cwd: root})) {
          const text = readFileSync(join(root, path), 'utf8').replace(/\r?\n/g, eol);
          writeFileSync(join(root, path), text);
          texts.set(path, text);
        }
        const target = manifestsTarget({paths: [root]});
        const events = await target.list();
        const workloads = events.flatMap((event) =>
          event.type === 'set' && event.resource.kind in podPaths ? [event.resource] : [],
        );
        expect(workloads.length).toBeGreaterThan(0);
        const wanted = new Map<string, JsonObject>();
        const steps = workloads.map((resource) => {
          const edits = hardening(resource);
          wanted.set(resource.key, applyEdits(resource.object, edits));
          return {do: 'edit' as const, object: refOf(resource), edits};
        });
        const items = await target.preview({id: 'harden', steps});
        expect(items.flatMap(({rejection}) => rejection ?? [])).toEqual([]);
        for (const item of items) {
          const {before, after} = item.text!;
          // All other lines are there in the same order, byte for byte.
          for (const line of changed(before, after)) expect(line).toMatch(touchable);
          if (eol === '\r\n') expect(after).not.toMatch(/[^\r]\n/);
          await target.apply(item);
        }
        const after = await manifestsTarget({paths: [root]}).list();
        const found = new Map(
          after.flatMap((one) => (one.type === 'set' ? [[one.resource.key, one.resource.object]] : [])),
        );
        for (const [key, object] of wanted) expect(found.get(key), key).toEqual(object);
        expect(found.size).toBe(events.filter(({type}) => type === 'set').length);
        for (const [path, text] of texts) {
          const next = readFileSync(join(root, path), 'utf8');
          if (next !== text) expect(data(next).length, path).toBe(data(text).length);
        }
      });
    }
  }

  /** Keys that `hardening` writes, their values, and lines in flow style. */
  const touchable =
    /(?:allowPrivilegeEscalation|drop|limits|cpu|memory|privileged|automountServiceAccountToken|seccompProfile|type|hostNetwork|securityContext|resources|capabilities|ephemeral-storage|nvidia.com.gpu|"?google.com\/tpu"?):|^ *- (?:all|ALL)\r?$|[{[]|^ *\]?},?$/;
});
