import {beforeEach, describe, expect, it, vi} from 'vitest';
import {seeded} from '../../bench/inputs.ts';
import {lineFinder, position} from '../../src/target/files/documents.ts';
import {manifestsFolder} from '../helpers/manifests.ts';

const parses = vi.hoisted(() => ({count: 0}));

// The real parser, counted.
vi.mock('yaml', async (load) => {
  const yaml = await load<typeof import('yaml')>();
  const parseAllDocuments = ((...given: Parameters<typeof yaml.parseAllDocuments>) => {
    parses.count += 1;
    return yaml.parseAllDocuments(...given);
  }) as typeof yaml.parseAllDocuments;
  return {...yaml, parseAllDocuments};
});

const deployment = (name: string): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ${name}}\nspec: {template: {spec: {containers: []}}}\n`;
const definition = (index: number): string =>
  `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: things-${index}.example.com\n`;

describe('documents parsed', () => {
  const folder = manifestsFolder();

  beforeEach(() => {
    parses.count = 0;
  });

  it('are those that controls read, none of 200 definitions', async () => {
    folder.put('crds.yaml', Array.from({length: 200}, (_, index) => definition(index)).join('---\n'));
    folder.put('app.yaml', [deployment('one'), deployment('two')].join('---\n'));
    const events = await folder.open().list();
    expect(events.filter(({type}) => type === 'set')).toHaveLength(2);
    expect(parses.count).toBe(2);
  });

  it('are none when nothing changed, and one when one of three did', async () => {
    const three = ['one', 'two', 'three'].map(deployment);
    folder.put('app.yaml', three.join('---\n'));
    const target = folder.open();
    await target.list();
    expect(parses.count).toBe(3);
    await target.list();
    expect(parses.count).toBe(3);
    folder.put('app.yaml', [three[0], `${three[1]}# more\n`, three[2]].join('---\n'));
    await target.list();
    expect(parses.count).toBe(4);
  });
});

describe('lines of the items of a long list', () => {
  it('are counted on from the last one, and the same in any order', () => {
    const random = seeded(3);
    const text = Array.from({length: 300}, () => 'x'.repeat(Math.floor(random() * 9))).join('\n');
    const chunk = {text, start: 0, line: 5};
    const lineOf = lineFinder(chunk);
    for (let round = 0; round < 2000; round += 1) {
      const offset = Math.floor(random() * (text.length + 1));
      expect(lineOf(offset)).toBe(position(chunk, offset).line);
    }
  });
});
