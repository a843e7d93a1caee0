import {chmodSync, existsSync, mkdirSync, readdirSync, rmSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import type {Step} from '../../src/engine/change.ts';
import {inverse} from '../../src/engine/edits.ts';
import {element} from '../../src/engine/path.ts';
import {
  account,
  change,
  edit,
  limits,
  manifestsFolder,
  noToken,
  pod,
  ref,
  remove,
  resources,
  set,
} from '../helpers/manifests.ts';

const folder = manifestsFolder();

describe('preview and apply', () => {
  it('changes the intended lines, keeps the mode, and leaves no other file', async () => {
    folder.put('a.yaml', `# mine\n${account('x')}---\n${pod('p', '  hostNetwork: true # why\n')}`);
    chmodSync(join(folder.root, 'a.yaml'), 0o640);
    const target = folder.open();
    const [item] = await target.preview(
      change(
        edit('Pod', 'p', remove('spec', 'hostNetwork'), set(false, 'spec', 'automountServiceAccountToken')),
      ),
    );
    const after = `# mine\n${account('x')}---\n${pod('p', '  automountServiceAccountToken: false\n')}`;
    expect([item?.text?.file, item?.text?.before, item?.text?.after]).toEqual([
      'a.yaml',
      folder.get('a.yaml'),
      after,
    ]);
    expect(JSON.stringify(item)).not.toContain('# mine');
    expect(item?.confirmedBy).toBe('parsed');
    const applied = await target.apply(item!);
    expect(applied.before?.spec).toHaveProperty('hostNetwork', true);
    expect(applied.after).toEqual(await target.read(ref('Pod', 'p')));
    expect(folder.get('a.yaml')).toBe(after);
    expect(statSync(join(folder.root, 'a.yaml')).mode & 0o777).toBe(0o640);
    expect(readdirSync(folder.root)).toEqual(['a.yaml']);
  });

  it('steps on one file compose, in the preview and on disk', async () => {
    folder.put('a.yaml', ['a', 'b', 'c'].map(account).join('---\n'));
    const target = folder.open();
    const items = await target.preview(
      change(...['a', 'b', 'c'].map((name) => edit('ServiceAccount', name, noToken))),
    );
    expect(items[1]?.text?.before).toBe(items[0]?.text?.after);
    for (const item of items.toReversed()) await target.apply(item);
    expect(folder.get('a.yaml')).toBe(items[2]?.text?.after);
    expect(folder.get('a.yaml').match(/automountServiceAccountToken: false/g)).toHaveLength(3);
  });

  it('is no conflict when something else changed, and one when the touched value did', async () => {
    folder.put('a.yaml', pod('p'));
    const target = folder.open();
    const image = ['spec', 'containers', element('name', 'web'), 'image'];
    const [item] = await target.preview(change(edit('Pod', 'p', set('b', ...image))));
    folder.put('a.yaml', `${account('new')}---\n${pod('p').replace('home', 'home # note')}`);
    await target.apply(item!);
    expect(folder.get('a.yaml')).toContain('image: b');
    const [next] = await target.preview(change(edit('Pod', 'p', set('z', ...image))));
    folder.put('a.yaml', folder.get('a.yaml').replace('image: b', 'image: other'));
    await expect(target.apply(next!)).rejects.toMatchObject({
      problem: 'conflict',
      message: 'Pod home/p in a.yaml:5 changed since the preview: spec.containers[0].image.',
    });
    expect(folder.get('a.yaml')).toContain('image: other');
    rmSync(join(folder.root, 'a.yaml'));
    await expect(target.apply(next!)).rejects.toMatchObject({problem: 'gone'});
  });

  it('undo by the inverse edits gives the same bytes', async () => {
    const before = pod('p', '    securityContext: # empty\n  # end\n');
    folder.put('a.yaml', before);
    const target = folder.open();
    const edits = [
      set(true, 'spec', 'containers', element('name', 'web'), 'securityContext', 'runAsNonRoot'),
      set('b', 'spec', 'containers', element('name', 'web'), 'image'),
      set({limits: {cpu: '1'}}, 'spec', 'containers', element('name', 'web'), 'resources'),
    ];
    const [item] = await target.preview(change(edit('Pod', 'p', ...edits)));
    const {before: object} = await target.apply(item!);
    expect(folder.get('a.yaml')).not.toBe(before);
    const [back] = await target.preview(change(edit('Pod', 'p', ...inverse(object!, edits))));
    await target.apply(back!);
    expect(folder.get('a.yaml')).toBe(before);
  });

  it('a new object goes to a file beside those of its namespace; the next one below it; undo takes the file away', async () => {
    folder.put('infra/ns.yaml', 'apiVersion: v1\nkind: Namespace\nmetadata: {name: home}\n');
    folder.put('home/a.yaml', `${account('x')}---\n${account('y')}`);
    const target = folder.open();
    const second: Step = {...limits('second'), id: 'second'} as Step;
    const items = await target.preview(change(limits(), second));
    expect(items.map(({text}) => text?.file)).toEqual([
      'home/kubekata-added.yaml',
      'home/kubekata-added.yaml',
    ]);
    for (const item of items) await target.apply(item);
    const document = (name: string) =>
      `apiVersion: v1\nkind: LimitRange\nmetadata:\n  name: ${name}\n  namespace: home\nspec:\n  limits:\n  - type: Container\n    default:\n      cpu: "1"\n`;
    expect(folder.get('home/kubekata-added.yaml')).toBe(
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
    expect(existsSync(join(folder.root, 'home/kubekata-added.yaml'))).toBe(false);
  });

  it('a new object beside a single file is read with it from then on', async () => {
    folder.put('a.yaml', account('x'));
    const target = folder.open('a.yaml');
    const [item] = await target.preview(change(limits()));
    await target.apply(item!);
    expect(resources(await folder.open('a.yaml').list())).toHaveLength(2);
  });

  it('deletes the lines of a document, of a list item, and of nothing else', async () => {
    const three = [account('a'), pod('b'), account('c')];
    folder.put('a.yaml', three.join('---\n'));
    folder.put(
      'l.yaml',
      `apiVersion: v1\nkind: List\nitems:\n- kind: ServiceAccount\n  apiVersion: v1\n  metadata: {name: d, namespace: home}\n`,
    );
    const target = folder.open();
    const items = await target.preview(
      change({do: 'delete', object: ref('Pod', 'b')}, {do: 'delete', object: ref('ServiceAccount', 'd')}),
    );
    for (const item of items) await target.apply(item);
    expect(folder.get('a.yaml')).toBe([three[0], three[2]].join('---\n'));
    expect(folder.get('l.yaml')).toBe('apiVersion: v1\nkind: List\nitems: []\n');
  });

  it('edits an item of a List, as YAML, as JSON, and below an anchor that the items share', async () => {
    const list = `apiVersion: v1\nkind: List\nitems:\n- ${pod('a').replaceAll('\n', '\n  ').trim()}\n- ${pod('b').replaceAll('\n', '\n  ').trim()}\n`;
    folder.put('plain.yaml', list);
    folder.put(
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
    folder.put(
      'list.json',
      JSON.stringify({apiVersion: 'v1', kind: 'List', items: [...accounts, nested]}, null, 2),
    );
    const before = folder.get('list.json');
    const target = folder.open();
    const token = (name: string) => edit('ServiceAccount', name, noToken);
    const items = await target.preview(
      change(edit('Pod', 'b', set(true, 'spec', 'hostPID')), token('a'), token('d'), token('e')),
    );
    expect(items.map(({rejection}) => rejection)).toEqual(Array(4).fill(undefined));
    expect(items[0]?.text?.shown.after).toBe(
      `${items[0]?.text?.shown.before.trimEnd()}\n    hostPID: true\n`,
    );
    for (const item of items) await target.apply(item);
    expect(folder.get('plain.yaml')).toBe(`${list}    hostPID: true\n`);
    expect(folder.get('list.json').replace(/,\n *"automountServiceAccountToken": false/g, '')).toBe(before);
    expect(JSON.parse(folder.get('list.json'))).toEqual({
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
    folder.put('a.yaml', pod('p', `    env:\n    - name: PASSWORD\n      value: ${secret}\n`));
    const value = ['spec', 'containers', element('name', 'web'), 'env', element('name', 'PASSWORD')];
    const target = folder.open();
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
    expect(item?.text?.shown.before).toBe(folder.get('a.yaml').replace(secret, '*** (20 chars)'));
    expect(item?.text?.after).not.toContain(secret);
    expect(JSON.stringify([item?.before, item?.after, await target.read(item!.ref)])).not.toContain(secret);
    await target.apply(item!);
    expect(folder.get('a.yaml')).toContain('valueFrom:');
  });

  it('a thousand steps on one file keep no thousand copies of it', async () => {
    const names = Array.from({length: 1000}, (_, index) => `a${index}`);
    folder.put('a.yaml', `${names.map(account).join('---\n')}---\n${'# padding\n'.repeat(100_000)}`);
    const target = folder.open();
    const used = process.memoryUsage().heapUsed;
    const items = await target.preview(change(...names.map((name) => edit('ServiceAccount', name, noToken))));
    expect(process.memoryUsage().heapUsed - used).toBeLessThan(200_000_000);
    expect(items.at(-1)?.text?.after.match(/automountServiceAccountToken/g)).toHaveLength(1000);
  });

  it('says why it leaves a construct alone, with the line of the file', async () => {
    folder.put(
      'a.yaml',
      `${account('x')}---\n${pod('p', '  a: &shared {x: 1}\n  securityContext: *shared\n')}`,
    );
    const target = folder.open();
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
    folder.put('a.yaml', pod('p'));
    const target = folder.open();
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
    folder.put('a.yaml', account('x'));
    const target = folder.open();
    const [item] = await target.preview(change(edit('ServiceAccount', 'x', noToken)));
    rmSync(folder.root, {recursive: true});
    await expect(target.apply(item!)).rejects.toMatchObject({problem: 'gone'});
    mkdirSync(folder.root);
  });
});
