import {describe, expect, it} from 'vitest';
import {mayMatter, position, splitDocuments} from '../../../src/target/files/documents.ts';

describe('splitDocuments', () => {
  it('cuts at markers at the start of a line only', () => {
    const text = 'a: 1\n--- # two\nb: |\n  ---\n---x: 1\n---\n';
    const chunks = splitDocuments(text);
    expect(chunks.map((chunk) => chunk.text)).toEqual([
      'a: 1\n',
      '--- # two\nb: |\n  ---\n---x: 1\n',
      '---\n',
    ]);
    expect(chunks.map(({line}) => line)).toEqual([1, 2, 6]);
    expect(chunks.map((chunk) => text.slice(chunk.start, chunk.start + chunk.text.length))).toEqual(
      chunks.map((chunk) => chunk.text),
    );
  });

  it('keeps a byte-order mark out, and a file with directives or document ends in one piece', () => {
    expect(splitDocuments('\uFEFFa: 1\n---\nb: 1')).toMatchObject([
      {text: 'a: 1\n', start: 1},
      {text: '---\nb: 1'},
    ]);
    expect(splitDocuments('%YAML 1.2\n---\na: 1\n---\nb: 1')).toHaveLength(1);
    expect(splitDocuments('a: 1\n...\n---\nb: 1')).toHaveLength(1);
  });

  it('tells lines and columns of the file', () => {
    const [, second] = splitDocuments('a: 1\n---\nb: 1\n');
    expect(position(second!, 0)).toEqual({line: 2, column: 1});
    expect(position(second!, 7)).toEqual({line: 3, column: 4});
  });
});

describe('mayMatter', () => {
  const yes = {
    plain: 'apiVersion: v1\nkind: Pod\n',
    'with a comment and CRLF': 'kind: Pod # x\r\n',
    quoted: `"kind": "Pod"\n`,
    'single-quoted': `'kind' : 'Pod'\n`,
    list: 'kind: RoleBindingList\n',
    flow: '{apiVersion: v1, kind: Pod}\n',
    'flow behind the marker': '--- {kind: Pod}\n',
    json: '{\n  "apiVersion": "v1",\n  "kind": "List",\n  "items": []\n}',
    'indented root': '  apiVersion: v1\n  kind: Pod\n',
    'explicit key': 'a: 1\n? kind\n: Pod\n',
    alias: 'x: &k Pod\nkind: *k\n',
    tagged: 'kind: !!str Pod\n',
    'anchored key': 'a: 1\n&x kind: Pod\n',
    merge: 'a: &a {kind: Pod}\n<<: *a\n',
    'value on the next line': 'kind:\n  Pod\n',
    'after comments': '# kind: Widget\n---\nkind: Pod\n',
  };
  for (const [name, text] of Object.entries(yes)) {
    it(`reads ${name}`, () => {
      expect(mayMatter(text)).toBe(true);
    });
  }
  const no = {
    'another kind': 'apiVersion: v1\nkind: Widget\nspec:\n  kind: Pod\n',
    'another kind in JSON': '{"apiVersion": "v1", "kind": "Widget"}',
    'no kind': 'a: 1\nname: Pod\n',
    'a kind further down only': 'image: x\nref:\n  kind: Deployment\n',
    'comments only': '# a\n\n# b\n',
    nothing: '',
  };
  for (const [name, text] of Object.entries(no)) {
    it(`does not parse ${name}`, () => {
      expect(mayMatter(text)).toBe(false);
    });
  }

  it('costs next to nothing on a long definition', () => {
    const text = `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n${'  description: of a kind\n'.repeat(30_000)}`;
    const start = performance.now();
    for (let time = 0; time < 100; time += 1) mayMatter(text);
    expect((performance.now() - start) / 100).toBeLessThan(10);
  });
});
