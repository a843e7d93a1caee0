import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import type {Step} from '../../src/engine/change.ts';
import {applyPlan} from '../../src/fix/apply.ts';
import {Journal} from '../../src/fix/journal.ts';
import {preparePlan} from '../../src/fix/prepare.ts';
import {applyUndo, undoPlan} from '../../src/fix/undo.ts';
import type {Target} from '../../src/target/target.ts';
import {intoInventory} from '../helpers/events.ts';
import {account, edit, manifestsFolder, pod, ref, remove} from '../helpers/manifests.ts';
import {temporaryFolder} from '../helpers/program.ts';

const folder = manifestsFolder();

/** Applies steps to files; `undo` takes them back. */
async function changed(target: Target, ...steps: readonly Step[]) {
  const state = temporaryFolder();
  const journal = new Journal(state, 'test');
  const known = async () => intoInventory(await target.list());
  const plan = await preparePlan({target, inventory: await known(), change: {id: 'test', steps}});
  const entry = await applyPlan({target, plan, journal, title: 'test'});
  expect(entry.steps.map((step) => step.state)).toEqual(steps.map(() => 'done'));
  return {
    journalText: () =>
      readdirSync(state, {recursive: true, encoding: 'utf8'})
        .filter((name) => name.endsWith('.jsonl'))
        .map((name) => readFileSync(join(state, name), 'utf8'))
        .join(''),
    async undo() {
      const undo = await undoPlan({target, inventory: await known(), entry: journal.read(1)!, journal});
      return applyUndo({target, undo, journal});
    },
  };
}

const commented = pod('p', '  hostNetwork: true # the proxy listens here\n  # the end\n');
const deletes = (kind: string, name: string): Step => ({do: 'delete', object: ref(kind, name)});

describe('undo on disk gives back the text as it was', () => {
  it('with the comment of a field that the fix took away', async () => {
    const before = `# mine\n${account('x')}---\n${commented}`;
    folder.put('a.yaml', before);
    const {undo} = await changed(folder.open(), edit('Pod', 'p', remove('spec', 'hostNetwork')));
    expect(folder.get('a.yaml')).not.toContain('the proxy listens here');
    expect((await undo()).state).toBe('undone');
    expect(folder.get('a.yaml')).toBe(before);
  });

  it('where another document of the file changed since', async () => {
    folder.put('a.yaml', `${account('x')}---\n${commented}`);
    const {undo} = await changed(folder.open(), edit('Pod', 'p', remove('spec', 'hostNetwork')));
    folder.put('a.yaml', folder.get('a.yaml').replace(account('x'), `# another remark\n${account('y')}`));
    await undo();
    expect(folder.get('a.yaml')).toBe(`# another remark\n${account('y')}---\n${commented}`);
  });

  it('only the field, where the same document got another remark since', async () => {
    folder.put('a.yaml', commented);
    const {undo} = await changed(folder.open(), edit('Pod', 'p', remove('spec', 'hostNetwork')));
    folder.put('a.yaml', `# new\n${folder.get('a.yaml')}`);
    await undo();
    expect(folder.get('a.yaml')).toContain('# new\n');
    expect(folder.get('a.yaml')).toMatch(/hostNetwork: true$/m);
  });

  it('of a document that was deleted, at its place, with its comments', async () => {
    const before = `${account('x')}---\n# of the team\n${commented}---\n${account('z')}`;
    folder.put('a.yaml', before);
    const {undo} = await changed(folder.open(), deletes('Pod', 'p'));
    expect(folder.get('a.yaml')).not.toContain('of the team');
    expect((await undo()).state).toBe('undone');
    expect(folder.get('a.yaml')).toBe(before);
  });

  it('of a file of which nothing was left', async () => {
    folder.put('a.yaml', commented);
    folder.put('b.yaml', account('x'));
    const {undo} = await changed(folder.open(), deletes('Pod', 'p'));
    await undo();
    expect(folder.get('a.yaml')).toBe(commented);
  });

  it('of steps that share a document, one after the other', async () => {
    const before = `${commented}---\n# second\n${pod('q', '  hostPID: true # to look\n')}`;
    folder.put('a.yaml', before);
    const {undo} = await changed(
      folder.open(),
      edit('Pod', 'p', remove('spec', 'hostNetwork')),
      edit('Pod', 'q', remove('spec', 'hostPID')),
    );
    await undo();
    expect(folder.get('a.yaml')).toBe(before);
  });

  it('but keeps no text that may hold a credential', async () => {
    folder.put('a.yaml', pod('p', '  hostNetwork: true # password: tr0ub4dor\n'));
    const {undo, journalText} = await changed(folder.open(), edit('Pod', 'p', remove('spec', 'hostNetwork')));
    expect(journalText()).not.toContain('tr0ub4dor');
    await undo();
    expect(folder.get('a.yaml')).toMatch(/hostNetwork: true/);
  });
});
