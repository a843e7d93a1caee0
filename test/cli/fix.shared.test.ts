import {execFileSync} from 'node:child_process';
import {globSync, readFileSync} from 'node:fs';
import {basename, join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {isMap, isSeq, type Node, parseAllDocuments} from 'yaml';
import type {Edit, Step} from '../../src/engine/change.ts';
import {applyEdits} from '../../src/engine/edits.ts';
import {asArray, asObject, type Json, type JsonObject} from '../../src/engine/json.ts';
import {type Ref, refOfObject} from '../../src/engine/objects.ts';
import type {ScanReport} from '../../src/report/scan-json.ts';
import {type ControlPlane, startControlPlane} from '../helpers/control-plane.ts';
import {type Touched, touch, untouchedLoss} from '../helpers/edited-bytes.ts';
import {makeWorkplace, type Workplace} from '../helpers/kubekata.ts';
import {hasShared, shared} from '../helpers/shared.ts';

const added = 'kubekata-added.yaml';
let place: Workplace;
beforeAll(() => {
  place = makeWorkplace();
});
afterAll(() => place.remove());

const documents = (text: string): readonly JsonObject[] =>
  parseAllDocuments(text, {merge: true, logLevel: 'error'}).map((document) =>
    asObject(document.toJS() as Json),
  );

/** Steps of the changes that were written, from the journal. */
function writtenSteps(home: string): readonly {readonly step: Step; readonly ref: Ref}[] {
  const files = globSync('journal/*/*.jsonl', {cwd: home});
  return files.flatMap((file) => {
    const [head = ''] = readFileSync(join(home, file), 'utf8').split('\n');
    const {steps} = JSON.parse(head) as {steps: {item: {step: Step; ref: Ref}}[]};
    return steps.map(({item}) => item);
  });
}

/** The key of an object on disk holds its file: `Pod/shop/p@dir/app.yaml#2`. */
const editsOf = (steps: ReturnType<typeof writtenSteps>, path: string, id: string, nth: number) =>
  steps.flatMap(({step, ref}): readonly Edit[] => {
    if (step.do !== 'edit' && step.do !== 'recreate') return [];
    return ref.key === `${id}@${path}${nth > 1 ? `#${nth}` : ''}` ? step.edits : [];
  });

const clusterScoped = new Set(['Namespace', 'Node', 'ClusterRole', 'ClusterRoleBinding']);

/** Objects of a file with the intended edits: documents as they are, or items of a List. */
function intended(
  before: string,
  path: string,
  steps: ReturnType<typeof writtenSteps>,
): readonly JsonObject[] {
  const seen = new Map<string, number>();
  const edited = (object: JsonObject): JsonObject => {
    if (String(object.kind).endsWith('List')) {
      return {...object, items: asArray(object.items).map((item) => edited(asObject(item)))};
    }
    const {kind, namespace, name} = refOfObject(object);
    const id = `${kind}/${clusterScoped.has(kind) ? '' : namespace}/${name}`;
    const nth = (seen.get(id) ?? 0) + 1;
    seen.set(id, nth);
    return applyEdits(object, editsOf(steps, path, id, nth));
  };
  return documents(before).map(edited);
}

/** What the edits may touch of a file. */
function touchedBy(text: string, path: string, steps: ReturnType<typeof writtenSteps>): Touched {
  const touched: Touched = {replaced: [], grown: []};
  const seen = new Map<string, number>();
  const visit = (node: Node | null, object: JsonObject) => {
    if (node === null) return;
    if (String(object.kind).endsWith('List')) {
      const items = isMap(node) ? node.get('items') : undefined;
      const nodes = isSeq<Node>(items) ? items.items : [];
      for (const [index, item] of asArray(object.items).entries()) visit(nodes[index]!, asObject(item));
      return;
    }
    const {kind, namespace, name} = refOfObject(object);
    const id = `${kind}/${clusterScoped.has(kind) ? '' : namespace}/${name}`;
    const nth = (seen.get(id) ?? 0) + 1;
    seen.set(id, nth);
    touch(text, node, editsOf(steps, path, id, nth), touched);
  };
  for (const document of parseAllDocuments(text, {merge: true, logLevel: 'error'})) {
    visit(document.contents as Node | null, asObject(document.toJS() as Json));
  }
  return touched;
}

const names = [
  'argo-cd',
  'argo-events',
  'argo-workflows',
  'k8s-examples',
  'kube-prometheus',
  'online-boutique',
];

describe.skipIf(!hasShared)('fix --yes --include review on real manifests', () => {
  for (const name of names) {
    for (const eol of ['\n', '\r\n']) {
      it(`${name}${eol === '\n' ? '' : ' with line ends of Windows'}: the same objects with the intended edits, all else as it was`, async () => {
        const folder = `${name}-${eol.length}`;
        place.copy(shared(`conformance/files/${name}/manifests`), folder);
        const texts = new Map<string, string>();
        for (const path of globSync('**/*.{yaml,yml,json}', {cwd: place.path(folder)})) {
          const text = readFileSync(place.path(join(folder, path)), 'utf8').replace(/\r?\n/g, eol);
          place.write(join(folder, path), text);
          texts.set(path, text);
        }
        const home = place.path(`${folder}-state`);
        const words = ['fix', '--manifests', folder, '--yes', '--include', 'review'];
        const {code, stderr} = await place.run(words, {environment: {KUBEKATA_HOME: home}});
        expect([0, 3], stderr).toContain(code);
        expect(stderr).not.toMatch(/Refused|Foreseen/);
        const steps = writtenSteps(home);
        expect(steps.length).toBeGreaterThan(0);
        for (const [path, before] of texts)
          check(before, readFileSync(place.path(join(folder, path)), 'utf8'), path, steps);
        const again = await place.run(words);
        expect(again.stderr).toMatch(/^(None of|Nothing fails)/);
      });
    }
  }

  function check(before: string, after: string, path: string, steps: ReturnType<typeof writtenSteps>): void {
    const own = steps.filter(({ref}) => ref.key?.replace(/#\d+$/, '').endsWith(`@${path}`));
    if (own.length === 0) {
      expect(after, path).toBe(before);
      return;
    }
    expect(documents(after), path).toEqual(intended(before, path, own));
    expect(untouchedLoss(before, after, touchedBy(before, path, own)), path).toBeUndefined();
    const eol = before.includes('\r\n') ? '\r\n' : '\n';
    expect(after.endsWith(eol), path).toBe(before.endsWith(eol));
    if (eol === '\r\n') expect(after, path).not.toMatch(/[^\r]\n/);
    else expect(after, path).not.toContain('\r');
    expect(comments(after), path).toEqual(comments(before));
  }

  /** Lines of their own; those beside a value go with it. */
  const comments = (text: string) => text.match(/^[ \t]*#.*$/gm);
});

describe.skipIf(!hasShared)('the nine documents of the design', () => {
  const names9 = [
    'Deployment/shop/web',
    'Pod/shop/p',
    'CronJob/shop/cj',
    'Namespace//shop',
    'ConfigMap/shop/cm',
    'ClusterRoleBinding//adm',
    'ClusterRole//cluster-admin',
    'Role/shop/execr',
    'RoleBinding/shop/execb',
  ];
  const idOf = (object: JsonObject) => {
    const {kind, namespace, name} = refOfObject(object);
    return `${kind}/${namespace}/${name}`;
  };
  const answers = ['--answer', 'CPU limit=500m', '--answer', 'memory limit=256Mi'];
  let plane: ControlPlane;
  beforeAll(async () => {
    plane = await startControlPlane();
    await plane.kubectl('create', 'namespace', 'shop');
  }, 120_000);
  afterAll(() => plane?.stop());

  const score = async (folder: string) => {
    const {stdout} = await place.run(['scan', '--manifests', folder, '--format', 'json']);
    return (JSON.parse(stdout) as ScanReport).score ?? 0;
  };

  it.each([
    ['automatic', [], 42, 43],
    ['with the review', ['--include', 'review'], 82, 90],
    ['with the review, and limits from the person', ['--include', 'review', ...answers], 93, 100],
  ])(
    '%s: all present, in order, and taken by the strict dry run of a real server',
    async (name, words, least, most) => {
      const folder = `app ${name.replaceAll(',', '')}`;
      place.copy(shared('conformance/fix/app.yaml'), `${folder}/app.yaml`);
      const before = await score(folder);
      const {stderr} = await place.run(['fix', '--manifests', folder, '--yes', ...words]);
      const after = await score(folder);
      expect(before).toBeLessThan(37);
      expect(after).toBeGreaterThanOrEqual(least);
      expect(after).toBeLessThanOrEqual(most);
      expect(documents(readFileSync(place.path(`${folder}/app.yaml`), 'utf8')).map(idOf)).toEqual(names9);
      if (words.length === 0) expect(stderr).toContain('add --include review');
      if (words.length === 2) expect(stderr).toContain('Give a value by --answer "memory limit=VALUE".');
      const applied = await plane.kubectl(
        'apply',
        '--dry-run=server',
        '--validate=strict',
        '-o',
        'name',
        '-f',
        place.path(folder),
      );
      const files = globSync('*.yaml', {cwd: place.path(folder)}).map((file) => basename(file));
      expect(applied.trim().split('\n').length).toBe(
        files.flatMap((file) => documents(readFileSync(place.path(`${folder}/${file}`), 'utf8'))).length,
      );
      expect(files.includes(added)).toBe(words.length > 0);
    },
  );

  it('the patch of --dry-run is taken by git, and undo gives back the data', async () => {
    const text = readFileSync(shared('conformance/fix/app.yaml'), 'utf8');
    place.write('patched/app.yaml', text);
    const {stdout} = await place.run(['fix', '--manifests', 'patched', '--dry-run', '--include', 'review']);
    execFileSync('git', ['apply', '-'], {cwd: place.folder, input: stdout});
    const byGit = readFileSync(place.path('patched/app.yaml'), 'utf8');
    place.write('written/app.yaml', text);
    await place.run(['fix', '--manifests', 'written', '--yes', '--include', 'review']);
    expect(readFileSync(place.path('written/app.yaml'), 'utf8')).toBe(byGit);
    const {stderr} = await place.run(['undo', '1', '--manifests', 'written', '--yes']);
    // The value that went to a Secret is in no journal.
    expect(stderr).toContain('env[0].value held a credential');
    const [web, ...others] = documents(readFileSync(place.path('written/app.yaml'), 'utf8'));
    expect(others).toEqual(documents(text).slice(1));
    expect(JSON.stringify(web)).not.toContain('secretKeyRef');
  });
});
