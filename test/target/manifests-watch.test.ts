import {rmSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it, vi} from 'vitest';
import type {TargetEvent} from '../../src/target/target.ts';
import {account, change, edit, manifestsFolder, noToken, resources} from '../helpers/manifests.ts';

const folder = manifestsFolder();

describe('watch', () => {
  it('tells what others change: content, new folders, files that go or break', async () => {
    folder.put('a.yaml', account('a'));
    const target = folder.open();
    const events: TargetEvent[] = [];
    const abort = new AbortController();
    const watching = target.watch((batch) => void events.push(...batch), abort.signal);
    const seen = (text: string) =>
      vi.waitFor(() => expect(events.map((event) => JSON.stringify(event)).join('\n')).toContain(text), 5000);
    await seen('"ready"');
    await new Promise(setImmediate);
    folder.put('a.yaml', account('renamed'));
    await seen('"ServiceAccount/home/renamed@a.yaml"');
    await seen('{"type":"delete","key":"ServiceAccount/home/a@a.yaml"}');
    folder.put('new/deep/b.yaml', account('b'));
    await seen('"ServiceAccount/home/b@new/deep/b.yaml"');
    folder.put('new/deep/b.yaml', `${account('b')}kind: Pod\n`);
    await seen('"type":"unreadable","source":"new/deep/b.yaml:4:1"');
    folder.put('new/deep/b.yaml', account('c'));
    await seen('{"type":"readable","source":"new/deep/b.yaml:4:1"}');
    rmSync(join(folder.root, 'new'), {recursive: true});
    await seen('{"type":"delete","key":"ServiceAccount/home/c@new/deep/b.yaml"}');
    abort.abort();
    await watching;
    const count = events.length;
    folder.put('a.yaml', account('late'));
    await target.list();
    expect(events).toHaveLength(count);
  });

  it('tells its own writes', async () => {
    folder.put('a.yaml', account('a'));
    const target = folder.open();
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
