import {mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {element, type Path} from '../../src/engine/path.ts';
import {manifestsTarget} from '../../src/target/manifests.ts';
import {
  account,
  change,
  edit,
  manifestsFolder,
  noToken,
  pod,
  ref,
  resources,
  unreadable,
} from '../helpers/manifests.ts';

const folder = manifestsFolder();
const sources = async (...paths: readonly string[]) =>
  resources(await folder.open(...paths).list()).map(({id, source}) => `${id} ${source}`);

describe('what is read', () => {
  it('documents, lists, JSON and nested folders, each with file and line', async () => {
    folder.put('a.yaml', `# team A\n${pod('one')}---\n# comment only\n---\n\n${account('two')}`);
    folder.put(
      'deep/er/b.yml',
      `apiVersion: v1\nkind: List\nitems:\n- ${account('three').replaceAll('\n', '\n  ').trim()}\n`,
    );
    folder.put(
      'deep/c.json',
      JSON.stringify({apiVersion: 'v1', kind: 'Namespace', metadata: {name: 'home'}}),
    );
    folder.put('node_modules/x/d.yaml', pod('no'));
    folder.put('.git/e.yaml', pod('no'));
    folder.put('notes.txt', pod('no'));
    expect(await sources()).toEqual([
      'Pod/home/one a.yaml:2',
      'ServiceAccount/home/two a.yaml:15',
      'Namespace//home deep/c.json:1',
      'ServiceAccount/home/three deep/er/b.yml:4',
    ]);
  });

  it('a byte-order mark, line breaks of Windows, quoted keys, words and octals as the API server reads them', async () => {
    const text = `"apiVersion": v1\n'kind': Pod\nmetadata: {name: p}\nspec:\n  hostNetwork: yes\n  mode: 0644\n  y: y\n`;
    folder.put('a.yaml', `\uFEFF${text.replaceAll('\n', '\r\n')}`);
    const [found] = resources(await folder.open().list());
    expect(found?.object.spec).toEqual({hostNetwork: true, mode: 420, y: 'y'});
  });

  it('the same object in two documents and files, told apart without a position', async () => {
    folder.put('a.yaml', `${account('x')}---\n${account('y')}---\n${account('x')}`);
    folder.put('b.yaml', account('x'));
    expect(resources(await folder.open().list()).map(({key}) => key)).toEqual([
      'ServiceAccount/home/x@a.yaml',
      'ServiceAccount/home/y@a.yaml',
      'ServiceAccount/home/x@a.yaml#2',
      'ServiceAccount/home/x@b.yaml',
    ]);
  });

  it('of a Secret its name only', async () => {
    folder.put(
      'a.yaml',
      'apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {k: c2VjcmV0}\nstringData: {l: open}\n',
    );
    expect(JSON.stringify(await folder.open().list())).not.toMatch(/c2VjcmV0|open/);
  });

  it('no document that controls do not read: not even its errors are seen', async () => {
    folder.put(
      'crds.yaml',
      `kind: CustomResourceDefinition\n  broken: [\n---\n"kind": 'Widget'\na: 1\na: 2\n---\n${account('x')}`,
    );
    folder.put('values.yaml', 'image: x\nimage: y\nnested:\n  kind: Pod\n');
    const events = await folder.open().list();
    expect(unreadable(events)).toEqual({});
    expect(resources(events).map(({id}) => id)).toEqual(['ServiceAccount/home/x']);
  });

  it('a file, a pattern, and standard input', async () => {
    folder.put('a/one.yaml', account('one'));
    folder.put('b/two.yaml', account('two'));
    expect(await sources('a/one.yaml')).toEqual(['ServiceAccount/home/one one.yaml:1']);
    expect(await sources('*/*.yaml')).toEqual([
      'ServiceAccount/home/one a/one.yaml:1',
      'ServiceAccount/home/two b/two.yaml:1',
    ]);
    const target = manifestsTarget({paths: ['-'], folder: folder.root, input: `${account('x')}`});
    expect(resources(await target.list()).map(({source}) => source)).toEqual(['stdin:1']);
    const [item] = await target.preview(change(edit('ServiceAccount', 'x', noToken)));
    expect(item?.rejection).toBe('Standard input can not be edited: save it to a file first.');
  });

  it('links inside the folder.root, once; not those that lead out of it', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'kubekata-outside-'));
    writeFileSync(join(outside, 'x.yaml'), account('outside'));
    folder.put('real/a.yaml', account('a'));
    symlinkSync(join(folder.root, 'real'), join(folder.root, 'link'));
    symlinkSync(folder.root, join(folder.root, 'real', 'loop'));
    symlinkSync(outside, join(folder.root, 'out'));
    symlinkSync('nowhere', join(folder.root, 'gone.yaml'));
    const events = await folder.open().list();
    expect(resources(events).map(({source}) => source)).toEqual(['real/a.yaml:1']);
    expect(unreadable(events)).toEqual({
      out: `The link leads out of the folder, to ${outside}, and was not followed: scan that path as well.`,
      'gone.yaml': 'The link leads nowhere: remove it, or restore what it points to.',
    });
    rmSync(outside, {recursive: true});
  });

  it('refuses a path that does not exist', () => {
    expect(() => folder.open('nowhere')).toThrow('nowhere does not exist.');
  });

  it('tells what could not be read with line and column, and reads the rest', async () => {
    folder.put('a.yaml', `${account('x')}---\n${pod('p')}  restartPolicy: Never\nspec: {}\n`);
    folder.put('template.yaml', `{{- if .Values.x }}\n${pod('p')}{{- end }}\n`);
    folder.put('old.yaml', 'apiVersion: extensions/v1beta1\nkind: Deployment\nmetadata: {name: web}\n');
    folder.put('latin.yaml', Uint8Array.of(0x61, 0xe4, 0x0a));
    folder.put(
      'twice.json',
      '{\n  "kind": "Pod",\n  "apiVersion": "v1",\n  "a\\"b": {"kind": "}"},\n  "kind": "Pod"\n}',
    );
    folder.put('alias.yaml', 'kind: Pod\napiVersion: v1\nmetadata: *missing\n');
    folder.put(
      'bomb.yaml',
      `kind: Pod\napiVersion: v1\na: &a [x,x,x,x,x,x,x,x,x]\n${'bcdef'.replace(/./g, (k, i) => `${k}: &${k} [${Array(9).fill(`*${'abcdef'[i]}`)}]\n`)}`,
    );
    const events = await folder.open().list();
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
    folder.put('a.yaml', `${account('x')}---\n${pod('p')}`);
    const target = folder.open();
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
