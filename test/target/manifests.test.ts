import {execFileSync} from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {delimiter, dirname, join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import type {Change, Edit, Step} from '../../src/engine/change.ts';
import {inverse} from '../../src/engine/edits.ts';
import type {Json} from '../../src/engine/json.ts';
import {type Resource, refOf} from '../../src/engine/objects.ts';
import {element, type Path} from '../../src/engine/path.ts';
import {manifestsTarget} from '../../src/target/manifests.ts';
import type {TargetEvent} from '../../src/target/target.ts';

const pod = (name: string, more = ''): string =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\n  namespace: home\nspec:\n  containers:\n  - name: web\n    image: x\n${more}`;
const account = (name: string): string =>
  `apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: ${name}, namespace: home}\n`;

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'kubekata-target-'));
});
afterEach(() => {
  rmSync(root, {recursive: true});
  vi.unstubAllEnvs();
});

function put(path: string, text: string | Uint8Array): void {
  mkdirSync(dirname(join(root, path)), {recursive: true});
  writeFileSync(join(root, path), text);
}
const get = (path: string): string => readFileSync(join(root, path), 'utf8');
const open = (...paths: readonly string[]) =>
  manifestsTarget({paths: paths.length > 0 ? paths : [root], folder: root});

const resources = (events: readonly TargetEvent[]): readonly Resource[] =>
  events.flatMap((event) => (event.type === 'set' ? [event.resource] : []));
const unreadable = (events: readonly TargetEvent[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    events.flatMap((event) => (event.type === 'unreadable' ? [[event.source, event.message]] : [])),
  );
const sources = async (...paths: readonly string[]) =>
  resources(await open(...paths).list()).map(({id, source}) => `${id} ${source}`);

const set = (json: Json, ...path: Path): Edit => ({op: 'set', path, value: {json}});
const remove = (...path: Path): Edit => ({op: 'remove', path});
const change = (...steps: readonly Step[]): Change => ({id: 'test', steps});
const ref = (kind: string, name: string, namespace = 'home') => ({
  apiVersion: kind === 'Deployment' ? 'apps/v1' : 'v1',
  kind,
  namespace,
  name,
});
const edit = (kind: string, name: string, ...edits: readonly Edit[]): Step => ({
  do: 'edit',
  object: ref(kind, name),
  edits,
});
const noToken = set(false, 'automountServiceAccountToken');
const limits = (name = 'limits'): Step => ({
  do: 'create',
  id: 'limits',
  object: {
    base: {apiVersion: 'v1', kind: 'LimitRange', metadata: {name, namespace: 'home'}},
    edits: [set([{type: 'Container', default: {cpu: '1'}}], 'spec', 'limits')],
  },
});

describe('what is read', () => {
  it('documents, lists, JSON and nested folders, each with file and line', async () => {
    put('a.yaml', `# team A\n${pod('one')}---\n# comment only\n---\n\n${account('two')}`);
    put(
      'deep/er/b.yml',
      `apiVersion: v1\nkind: List\nitems:\n- ${account('three').replaceAll('\n', '\n  ').trim()}\n`,
    );
    put('deep/c.json', JSON.stringify({apiVersion: 'v1', kind: 'Namespace', metadata: {name: 'home'}}));
    put('node_modules/x/d.yaml', pod('no'));
    put('.git/e.yaml', pod('no'));
    put('notes.txt', pod('no'));
    expect(await sources()).toEqual([
      'Pod/home/one a.yaml:2',
      'ServiceAccount/home/two a.yaml:15',
      'Namespace//home deep/c.json:1',
      'ServiceAccount/home/three deep/er/b.yml:4',
    ]);
  });

  it('a byte-order mark, line breaks of Windows, quoted keys, words and octals as the API server reads them', async () => {
    const text = `"apiVersion": v1\n'kind': Pod\nmetadata: {name: p}\nspec:\n  hostNetwork: yes\n  mode: 0644\n  y: y\n`;
    put('a.yaml', `\uFEFF${text.replaceAll('\n', '\r\n')}`);
    const [found] = resources(await open().list());
    expect(found?.object.spec).toEqual({hostNetwork: true, mode: 420, y: 'y'});
  });

  it('the same object in two documents and files, told apart without a position', async () => {
    put('a.yaml', `${account('x')}---\n${account('y')}---\n${account('x')}`);
    put('b.yaml', account('x'));
    expect(resources(await open().list()).map(({key}) => key)).toEqual([
      'ServiceAccount/home/x@a.yaml',
      'ServiceAccount/home/y@a.yaml',
      'ServiceAccount/home/x@a.yaml#2',
      'ServiceAccount/home/x@b.yaml',
    ]);
  });

  it('of a Secret its name only', async () => {
    put(
      'a.yaml',
      'apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {k: c2VjcmV0}\nstringData: {l: open}\n',
    );
    expect(JSON.stringify(await open().list())).not.toMatch(/c2VjcmV0|open/);
  });

  it('no document that controls do not read: not even its errors are seen', async () => {
    put(
      'crds.yaml',
      `kind: CustomResourceDefinition\n  broken: [\n---\n"kind": 'Widget'\na: 1\na: 2\n---\n${account('x')}`,
    );
    put('values.yaml', 'image: x\nimage: y\nnested:\n  kind: Pod\n');
    const events = await open().list();
    expect(unreadable(events)).toEqual({});
    expect(resources(events).map(({id}) => id)).toEqual(['ServiceAccount/home/x']);
  });

  it('a file, a pattern, and standard input', async () => {
    put('a/one.yaml', account('one'));
    put('b/two.yaml', account('two'));
    expect(await sources('a/one.yaml')).toEqual(['ServiceAccount/home/one one.yaml:1']);
    expect(await sources('*/*.yaml')).toEqual([
      'ServiceAccount/home/one a/one.yaml:1',
      'ServiceAccount/home/two b/two.yaml:1',
    ]);
    const target = manifestsTarget({paths: ['-'], folder: root, input: `${account('x')}`});
    expect(resources(await target.list()).map(({source}) => source)).toEqual(['stdin:1']);
    const [item] = await target.preview(change(edit('ServiceAccount', 'x', noToken)));
    expect(item?.rejection).toBe('Standard input can not be edited: save it to a file first.');
  });

  it('links inside the root, once; not those that lead out of it', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'kubekata-outside-'));
    writeFileSync(join(outside, 'x.yaml'), account('outside'));
    put('real/a.yaml', account('a'));
    symlinkSync(join(root, 'real'), join(root, 'link'));
    symlinkSync(root, join(root, 'real', 'loop'));
    symlinkSync(outside, join(root, 'out'));
    symlinkSync('nowhere', join(root, 'gone.yaml'));
    const events = await open().list();
    expect(resources(events).map(({source}) => source)).toEqual(['real/a.yaml:1']);
    expect(unreadable(events)).toEqual({
      out: `The link leads out of the folder, to ${outside}, and was not followed: scan that path as well.`,
      'gone.yaml': 'The link leads nowhere: remove it, or restore what it points to.',
    });
    rmSync(outside, {recursive: true});
  });

  it('refuses a path that does not exist', () => {
    expect(() => open('nowhere')).toThrow('nowhere does not exist.');
  });

  it('tells what could not be read with line and column, and reads the rest', async () => {
    put('a.yaml', `${account('x')}---\n${pod('p')}  restartPolicy: Never\nspec: {}\n`);
    put('template.yaml', `{{- if .Values.x }}\n${pod('p')}{{- end }}\n`);
    put('old.yaml', 'apiVersion: extensions/v1beta1\nkind: Deployment\nmetadata: {name: web}\n');
    put('latin.yaml', Uint8Array.of(0x61, 0xe4, 0x0a));
    put(
      'twice.json',
      '{\n  "kind": "Pod",\n  "apiVersion": "v1",\n  "a\\"b": {"kind": "}"},\n  "kind": "Pod"\n}',
    );
    put('alias.yaml', 'kind: Pod\napiVersion: v1\nmetadata: *missing\n');
    put(
      'bomb.yaml',
      `kind: Pod\napiVersion: v1\na: &a [x,x,x,x,x,x,x,x,x]\n${'bcdef'.replace(/./g, (k, i) => `${k}: &${k} [${Array(9).fill(`*${'abcdef'[i]}`)}]\n`)}`,
    );
    const events = await open().list();
    expect(resources(events).map(({id}) => id)).toEqual(['ServiceAccount/home/x']);
    expect(unreadable(events)).toEqual({
      'a.yaml:15:1':
        'The key stands here for the second time in its mapping. The document was not read: correct it and rescan.',
      'twice.json:5:3':
        'The key stands here for the second time in its mapping. The document was not read: correct it and rescan.',
      'template.yaml:1:3':
        'It is a template (`{{`), no YAML: render it (`helm template`) and scan what comes out.',
      'old.yaml:1:1':
        'Deployment web has apiVersion extensions/v1beta1, which no supported Kubernetes serves: change it to apps/v1 to have it checked.',
      'latin.yaml': 'The file is no UTF-8 text: convert it and rescan.',
      'alias.yaml:1:1':
        'An alias refers to an anchor that is not there. The document was not read: correct it and rescan.',
      'bomb.yaml:1:1':
        'Its aliases expand to too much data. The document was not read: correct it and rescan.',
    });
  });

  it('knows where a field stands, or its nearest parent', async () => {
    put('a.yaml', `${account('x')}---\n${pod('p')}`);
    const target = open();
    await target.list();
    const at = (...path: Path) => target.position(ref('Pod', 'p'), path);
    expect(at('spec', 'containers', element('name', 'web'), 'image')).toEqual({
      file: 'a.yaml',
      line: 13,
      column: 5,
    });
    expect(at('spec', 'hostNetwork')).toEqual({file: 'a.yaml', line: 10, column: 1});
    expect(at()).toEqual({file: 'a.yaml', line: 5, column: 1});
  });
});

describe('preview and apply', () => {
  it('changes the intended lines, keeps the mode, and leaves no other file', async () => {
    put('a.yaml', `# mine\n${account('x')}---\n${pod('p', '  hostNetwork: true # why\n')}`);
    chmodSync(join(root, 'a.yaml'), 0o640);
    const target = open();
    const [item] = await target.preview(
      change(
        edit('Pod', 'p', remove('spec', 'hostNetwork'), set(false, 'spec', 'automountServiceAccountToken')),
      ),
    );
    const after = `# mine\n${account('x')}---\n${pod('p', '  automountServiceAccountToken: false\n')}`;
    expect([item?.text?.file, item?.text?.before, item?.text?.after]).toEqual([
      'a.yaml',
      get('a.yaml'),
      after,
    ]);
    expect(JSON.stringify(item)).not.toContain('# mine');
    expect(item?.confirmedBy).toBe('computed');
    const applied = await target.apply(item!);
    expect(applied.before?.spec).toHaveProperty('hostNetwork', true);
    expect(applied.after).toEqual(await target.read(ref('Pod', 'p')));
    expect(get('a.yaml')).toBe(after);
    expect(statSync(join(root, 'a.yaml')).mode & 0o777).toBe(0o640);
    expect(readdirSync(root)).toEqual(['a.yaml']);
  });

  it('steps on one file compose, in the preview and on disk', async () => {
    put('a.yaml', ['a', 'b', 'c'].map(account).join('---\n'));
    const target = open();
    const items = await target.preview(
      change(...['a', 'b', 'c'].map((name) => edit('ServiceAccount', name, noToken))),
    );
    expect(items[1]?.text?.before).toBe(items[0]?.text?.after);
    for (const item of items.toReversed()) await target.apply(item);
    expect(get('a.yaml')).toBe(items[2]?.text?.after);
    expect(get('a.yaml').match(/automountServiceAccountToken: false/g)).toHaveLength(3);
  });

  it('is no conflict when something else changed, and one when the touched value did', async () => {
    put('a.yaml', pod('p'));
    const target = open();
    const image = ['spec', 'containers', element('name', 'web'), 'image'];
    const [item] = await target.preview(change(edit('Pod', 'p', set('b', ...image))));
    put('a.yaml', `${account('new')}---\n${pod('p').replace('home', 'home # note')}`);
    await target.apply(item!);
    expect(get('a.yaml')).toContain('image: b');
    const [next] = await target.preview(change(edit('Pod', 'p', set('z', ...image))));
    put('a.yaml', get('a.yaml').replace('image: b', 'image: other'));
    await expect(target.apply(next!)).rejects.toMatchObject({
      problem: 'conflict',
      message: 'Pod home/p in a.yaml:5 changed since the preview: spec.containers[0].image.',
    });
    expect(get('a.yaml')).toContain('image: other');
    rmSync(join(root, 'a.yaml'));
    await expect(target.apply(next!)).rejects.toMatchObject({problem: 'gone'});
  });

  it('undo by the inverse edits gives the same bytes', async () => {
    const before = pod('p', '    securityContext: # empty\n  # end\n');
    put('a.yaml', before);
    const target = open();
    const edits = [
      set(true, 'spec', 'containers', element('name', 'web'), 'securityContext', 'runAsNonRoot'),
      set('b', 'spec', 'containers', element('name', 'web'), 'image'),
      set({limits: {cpu: '1'}}, 'spec', 'containers', element('name', 'web'), 'resources'),
    ];
    const [item] = await target.preview(change(edit('Pod', 'p', ...edits)));
    const {before: object} = await target.apply(item!);
    expect(get('a.yaml')).not.toBe(before);
    const [back] = await target.preview(change(edit('Pod', 'p', ...inverse(object!, edits))));
    await target.apply(back!);
    expect(get('a.yaml')).toBe(before);
  });

  it('a new object goes to a file beside those of its namespace; the next one below it; undo takes the file away', async () => {
    put('infra/ns.yaml', 'apiVersion: v1\nkind: Namespace\nmetadata: {name: home}\n');
    put('home/a.yaml', `${account('x')}---\n${account('y')}`);
    const target = open();
    const second: Step = {...limits('second'), id: 'second'} as Step;
    const items = await target.preview(change(limits(), second));
    expect(items.map(({text}) => text?.file)).toEqual([
      'home/kubekata-added.yaml',
      'home/kubekata-added.yaml',
    ]);
    for (const item of items) await target.apply(item);
    const document = (name: string) =>
      `apiVersion: v1\nkind: LimitRange\nmetadata:\n  name: ${name}\n  namespace: home\nspec:\n  limits:\n  - type: Container\n    default:\n      cpu: "1"\n`;
    expect(get('home/kubekata-added.yaml')).toBe(
      `# Objects that kubekata added: apply them together with the files beside.\n${document('limits')}---\n${document('second')}`,
    );
    const [again] = await target.preview(change(limits()));
    expect(again?.rejection).toBe(
      'LimitRange home/limits is already in home/kubekata-added.yaml:2: edit it there.',
    );
    for (const {ref: object} of items) {
      const [gone] = await target.preview(change({do: 'delete', object}));
      await target.apply(gone!);
    }
    expect(existsSync(join(root, 'home/kubekata-added.yaml'))).toBe(false);
  });

  it('a new object beside a single file is read with it from then on', async () => {
    put('a.yaml', account('x'));
    const target = open('a.yaml');
    const [item] = await target.preview(change(limits()));
    await target.apply(item!);
    expect(await sources('a.yaml')).toHaveLength(2);
  });

  it('deletes the lines of a document, of a list item, and of nothing else', async () => {
    const three = [account('a'), pod('b'), account('c')];
    put('a.yaml', three.join('---\n'));
    put(
      'l.yaml',
      `apiVersion: v1\nkind: List\nitems:\n- kind: ServiceAccount\n  apiVersion: v1\n  metadata: {name: d, namespace: home}\n`,
    );
    const target = open();
    const items = await target.preview(
      change({do: 'delete', object: ref('Pod', 'b')}, {do: 'delete', object: ref('ServiceAccount', 'd')}),
    );
    for (const item of items) await target.apply(item);
    expect(get('a.yaml')).toBe([three[0], three[2]].join('---\n'));
    expect(get('l.yaml')).toBe('apiVersion: v1\nkind: List\nitems: []\n');
  });

  it('edits an item of a List, as YAML, as JSON, and below an anchor that the items share', async () => {
    const list = `apiVersion: v1\nkind: List\nitems:\n- ${pod('a').replaceAll('\n', '\n  ').trim()}\n- ${pod('b').replaceAll('\n', '\n  ').trim()}\n`;
    put('plain.yaml', list);
    put(
      'shared.yaml',
      list
        .replaceAll('Pod', 'ServiceAccount')
        .replace('spec:', 'spec: &s')
        .replace(/spec:\n.*$/s, 'spec: *s\n'),
    );
    const accounts = ['c', 'd'].map((name) => ({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: {name, namespace: 'home'},
    }));
    const nested = {
      apiVersion: 'v1',
      kind: 'List',
      items: [{...accounts[0], metadata: {name: 'e', namespace: 'home'}}],
    };
    put('list.json', JSON.stringify({apiVersion: 'v1', kind: 'List', items: [...accounts, nested]}, null, 2));
    const before = get('list.json');
    const target = open();
    const token = (name: string) => edit('ServiceAccount', name, noToken);
    const items = await target.preview(
      change(edit('Pod', 'b', set(true, 'spec', 'hostPID')), token('a'), token('d'), token('e')),
    );
    expect(items.map(({rejection}) => rejection)).toEqual(Array(4).fill(undefined));
    expect(items[0]?.text?.shown.after).toBe(
      `${items[0]?.text?.shown.before.trimEnd()}\n    hostPID: true\n`,
    );
    for (const item of items) await target.apply(item);
    expect(get('plain.yaml')).toBe(`${list}    hostPID: true\n`);
    expect(get('list.json').replace(/,\n *"automountServiceAccountToken": false/g, '')).toBe(before);
    expect(JSON.parse(get('list.json'))).toEqual({
      apiVersion: 'v1',
      kind: 'List',
      items: [
        accounts[0],
        {...accounts[1], automountServiceAccountToken: false},
        {...nested, items: [{...nested.items[0], automountServiceAccountToken: false}]},
      ],
    });
  });

  it('shows no credential, neither in the objects nor in the lines', async () => {
    const secret = 'AKIAABCDEFGHIJKLMNOP';
    put('a.yaml', pod('p', `    env:\n    - name: PASSWORD\n      value: ${secret}\n`));
    const value = ['spec', 'containers', element('name', 'web'), 'env', element('name', 'PASSWORD')];
    const target = open();
    const [item] = await target.preview(
      change(
        edit(
          'Pod',
          'p',
          remove(...value, 'value'),
          set({name: 's', key: 'k'}, ...value, 'valueFrom', 'secretKeyRef'),
        ),
      ),
    );
    expect(item?.text?.shown.before).toBe(get('a.yaml').replace(secret, '*** (20 chars)'));
    expect(item?.text?.after).not.toContain(secret);
    expect(JSON.stringify([item?.before, item?.after, await target.read(item!.ref)])).not.toContain(secret);
    await target.apply(item!);
    expect(get('a.yaml')).toContain('valueFrom:');
  });

  it('a thousand steps on one file keep no thousand copies of it', async () => {
    const names = Array.from({length: 1000}, (_, index) => `a${index}`);
    put('a.yaml', `${names.map(account).join('---\n')}---\n${'# padding\n'.repeat(100_000)}`);
    const target = open();
    const used = process.memoryUsage().heapUsed;
    const items = await target.preview(change(...names.map((name) => edit('ServiceAccount', name, noToken))));
    expect(process.memoryUsage().heapUsed - used).toBeLessThan(200_000_000);
    expect(items.at(-1)?.text?.after.match(/automountServiceAccountToken/g)).toHaveLength(1000);
  });

  it('says why it leaves a construct alone, with the line of the file', async () => {
    put('a.yaml', `${account('x')}---\n${pod('p', '  a: &shared {x: 1}\n  securityContext: *shared\n')}`);
    const target = open();
    const [item] = await target.preview(
      change(edit('Pod', 'p', set(true, 'spec', 'securityContext', 'runAsNonRoot'))),
    );
    expect(item?.rejection).toBe(
      'a.yaml: spec.securityContext is the alias *shared (line 15): write its content out there, or edit the anchor &shared by hand, which changes every place that uses it.',
    );
    expect(item?.text).toBeUndefined();
    await expect(target.apply(item!)).rejects.toMatchObject({problem: 'rejected'});
  });

  it('writes no Secret, says how to create it, and needs an answer where nobody knows', async () => {
    put('a.yaml', pod('p'));
    const target = open();
    const secret: Step = {
      do: 'create',
      id: 'secret',
      object: {
        base: {apiVersion: 'v1', kind: 'Secret', metadata: {name: 's', namespace: 'home'}},
        edits: [
          {
            op: 'set',
            path: ['data', 'key'],
            value: {from: ref('Pod', 'p'), path: ['spec'], encode: 'base64'},
          },
        ],
      },
    };
    const [item, ...others] = await target.preview(change(secret, edit('Pod', 'p', set(true, 'spec', 'x'))));
    expect(others).toEqual([]);
    expect(item?.warnings[0]).toContain('kubectl create secret generic s -n home --from-file=key=/dev/stdin');
    const ask = {id: 'm', label: 'memory limit', type: 'quantity' as const, reason: 'no metrics'};
    const [asked] = await target.preview(change(edit('Pod', 'p', {op: 'set', path: ['x'], value: {ask}})));
    expect(asked?.rejection).toBe('The memory limit is not known: enter it.');
    const [file] = await target.preview(change({do: 'file', node: 'cp', file: 'etc/x', edits: []}));
    expect(file?.rejection).toBe('Manifests hold no files of nodes: change etc/x on cp.');
  });

  it('does not write where it may not, and leaves the file as it was', async () => {
    put('a.yaml', account('x'));
    const target = open();
    const [item] = await target.preview(change(edit('ServiceAccount', 'x', noToken)));
    rmSync(root, {recursive: true});
    await expect(target.apply(item!)).rejects.toMatchObject({problem: 'gone'});
    mkdirSync(root);
  });
});

describe('watch', () => {
  it('tells what others change: content, new folders, files that go or break', async () => {
    put('a.yaml', account('a'));
    const target = open();
    const events: TargetEvent[] = [];
    const abort = new AbortController();
    const watching = target.watch((batch) => void events.push(...batch), abort.signal);
    const seen = (text: string) =>
      vi.waitFor(() => expect(events.map((event) => JSON.stringify(event)).join('\n')).toContain(text), 5000);
    await seen('"ready"');
    await new Promise(setImmediate);
    put('a.yaml', account('renamed'));
    await seen('"ServiceAccount/home/renamed@a.yaml"');
    await seen('{"type":"delete","key":"ServiceAccount/home/a@a.yaml"}');
    put('new/deep/b.yaml', account('b'));
    await seen('"ServiceAccount/home/b@new/deep/b.yaml"');
    put('new/deep/b.yaml', `${account('b')}kind: Pod\n`);
    await seen('"type":"unreadable","source":"new/deep/b.yaml:4:1"');
    put('new/deep/b.yaml', account('c'));
    await seen('{"type":"readable","source":"new/deep/b.yaml:4:1"}');
    rmSync(join(root, 'new'), {recursive: true});
    await seen('{"type":"delete","key":"ServiceAccount/home/c@new/deep/b.yaml"}');
    abort.abort();
    await watching;
    const count = events.length;
    put('a.yaml', account('late'));
    await target.list();
    expect(events).toHaveLength(count);
  });

  it('tells its own writes', async () => {
    put('a.yaml', account('a'));
    const target = open();
    const keys: string[] = [];
    const abort = new AbortController();
    const watching = target.watch(
      (batch) => void keys.push(...resources(batch).map(({source}) => source)),
      abort.signal,
    );
    await vi.waitFor(() => expect(keys).toEqual(['a.yaml:1']));
    const [item] = await target.preview(change(edit('ServiceAccount', 'a', noToken)));
    await target.apply(item!);
    expect(keys).toEqual(['a.yaml:1', 'a.yaml:1']);
    abort.abort();
    await watching;
  });
});

const hasKubectl = (() => {
  try {
    return execFileSync('kubectl', ['version', '--client'], {stdio: 'pipe'}).length > 0;
  } catch {
    return false;
  }
})();

describe('sources of other tools', () => {
  const kustomization = () => {
    put('base/kustomization.yaml', 'resources: [web.yaml]\n');
    put('base/web.yaml', pod('web'));
    put('prod/kustomization.yaml', 'resources: [../base]\npatches: [{path: patch.yaml}]\n');
    put(
      'prod/patch.yaml',
      `apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: home}\nspec: {hostNetwork: true}\n`,
    );
  };

  it.skipIf(!hasKubectl)('a kustomization is rendered, and not edited', async () => {
    kustomization();
    const target = open();
    const [found, ...others] = resources(await target.list());
    expect(others).toEqual([]);
    expect(found).toMatchObject({source: 'prod (kustomize):1', object: {spec: {hostNetwork: true}}});
    const [item] = await target.preview(
      change({do: 'edit', object: refOf(found!), edits: [remove('spec', 'hostNetwork')]}),
    );
    expect(item?.rejection).toBe(
      'prod is a kustomization, rendered: change its sources (prod/patch.yaml, base/web.yaml), and rescan.',
    );
  });

  it('without a tool its resources are read as they stand, its patches are not, and that is told', async () => {
    kustomization();
    vi.stubEnv('PATH', root);
    const events = await open().list();
    expect(resources(events).map(({source}) => source)).toEqual(['base/web.yaml:1']);
    expect(unreadable(events).prod).toMatch(
      /^The kustomization was not rendered: kustomize or kubectl is not on PATH\./,
    );
  });

  it('a kustomization that only names and labels is read as it stands, and edited', async () => {
    put('kustomization.yaml', 'namespace: home\nresources: [web.yaml]\n');
    put('web.yaml', pod('web'));
    vi.stubEnv('PATH', root);
    const target = open();
    expect(unreadable(await target.list())).toEqual({});
    const [item] = await target.preview(change(limits()));
    expect(item?.warnings).toEqual([
      'Add kubekata-added.yaml to the resources of the kustomization beside it.',
    ]);
  });

  it('one that builds on an address is not fetched', async () => {
    put('kustomization.yaml', 'resources: [web.yaml, "https://example.com/x.yaml"]\n');
    put('web.yaml', pod('web'));
    const events = await open().list();
    expect(resources(events)).toHaveLength(1);
    expect(unreadable(events)['.']).toContain(
      'it refers to https://example.com/x.yaml, and nothing is fetched',
    );
  });

  it('a chart is rendered where helm is, else told', async () => {
    put('chart/Chart.yaml', 'name: shop\nversion: 1.0.0\n');
    put('chart/templates/web.yaml', `{{ if true }}\n${pod('web')}{{ end }}\n`);
    const bin = join(root, 'bin');
    vi.stubEnv('PATH', bin);
    expect(unreadable(await open().list())).toEqual({
      chart:
        'The Helm chart was not read: helm is not on PATH. Render it: helm template shop chart | kubekata scan --manifests -',
    });
    // helm is not installed here: a program of the same name and arguments stands in for it.
    put('bin/helm', `#!/bin/sh\n[ "$1 $2" = "template shop" ] && sed /{{/d "$3"/templates/*.yaml\n`);
    chmodSync(join(bin, 'helm'), 0o755);
    vi.stubEnv('PATH', `${bin}${delimiter}/usr/bin${delimiter}/bin`);
    const events = await open().list();
    expect(unreadable(events)).toEqual({});
    expect(resources(events).map(({source}) => source)).toEqual(['chart (helm template):1']);
  });
});
