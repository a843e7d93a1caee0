import {subscribe, unsubscribe} from 'node:diagnostics_channel';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {KINDS} from '../../src/engine/kinds.ts';
import {type PracticeCluster, startPracticeCluster} from '../../src/practice/practice-cluster.ts';
import {liveTarget} from '../../src/target/live/live.ts';
import type {TargetEvent} from '../../src/target/target.ts';

const scenarioDirectory = join(import.meta.dirname, '../../src/practice/scenarios/home');

describe('requests of one scan', () => {
  let directory: string;
  let cluster: PracticeCluster;
  const paths: string[] = [];
  const headers = new Map<string, string>();
  const note = (message: unknown) => {
    const {request} = message as {
      readonly request: {readonly path: string; readonly headers: readonly string[] | string};
    };
    paths.push(request.path);
    headers.set(request.path, String(request.headers));
  };

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'kubekata-requests-'));
    cluster = await startPracticeCluster({directory, scenarioDirectory});
    subscribe('undici:request:create', note);
  });

  afterAll(async () => {
    unsubscribe('undici:request:create', note);
    await cluster.stop();
    rmSync(directory, {recursive: true, force: true});
  });

  it('are one list for each kind, one for each node, and a handful for the control plane', async () => {
    const target = await liveTarget({kubeconfig: cluster.kubeconfigPath, kind: 'practice'});
    await target.list();
    await target.close();
    const lists = paths.filter((path) => path.includes('limit='));
    const proxied = paths.filter((path) => path.includes('/proxy/configz'));
    expect(lists.length).toBeGreaterThan(15);
    expect(lists.length).toBeLessThanOrEqual(KINDS.length);
    expect(proxied).toHaveLength(3);
    expect(paths.length - lists.length - proxied.length).toBeLessThanOrEqual(8);
    expect(new Set(lists).size).toBe(lists.length);
  });

  it('never ask for what a Secret holds', () => {
    const secrets = paths.filter((path) => /secrets/.test(path));
    expect(secrets).toHaveLength(1);
    const accepts = (path: string) => headers.get(path)?.includes('as=PartialObjectMetadataList');
    expect(paths.filter(accepts)).toEqual(expect.arrayContaining(secrets));
    // What is asked for whole is told apart.
    expect(accepts(paths.find((path) => /deployments/.test(path)) ?? '')).toBe(false);
  });

  it('have their first objects told while the others are under way', async () => {
    const target = await liveTarget({kubeconfig: cluster.kubeconfigPath, kind: 'practice'});
    const stop = new AbortController();
    const batches: (readonly TargetEvent[])[] = [];
    await target.watch((events) => {
      batches.push(events);
      if (events.some(({type}) => type === 'ready')) stop.abort();
    }, stop.signal);
    await target.close();
    const first = batches.findIndex((events) => events.some(({type}) => type === 'set'));
    const last = batches.findIndex((events) => events.some(({type}) => type === 'ready'));
    expect(first).toBeGreaterThanOrEqual(0);
    expect(first).toBeLessThan(last);
  });
});
