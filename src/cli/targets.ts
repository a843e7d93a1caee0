import {dirname, join, relative, sep} from 'node:path';
import {addAbortSignal} from 'node:stream';
import {text} from 'node:stream/consumers';
import type {ManifestsTarget} from '../target/manifests.ts';
import type {Target} from '../target/target.ts';
import type {TargetChoice} from './choice.ts';

export type OpenTarget = Target & {
  /** Finds where fields stand; on disk only. */
  readonly positions?: ManifestsTarget['positions'];
  /** A path of the target as it is written from the working folder, where it lies below it. */
  fromHere?(path: string): string;
};

/**
 * Opens what was chosen. The practice cluster is started for it, and reached as a live one: by its kubeconfig.
 * @throws {TargetError}
 */
export async function openTarget(choice: TargetChoice, signal?: AbortSignal): Promise<OpenTarget> {
  if (choice.kind === 'files') return openFiles(choice.paths, signal);
  if (choice.kind === 'live') {
    const {liveTarget} = await import('../target/live/live.ts');
    return liveTarget(choice);
  }
  const {openPractice} = await import('./practice-host.ts');
  const starting = openPractice();
  starting.catch(() => undefined);
  // The thread starts while this one loads what will talk to it.
  const [{liveTarget}, {withNodeFiles}] = await Promise.all([
    import('../target/live/live.ts'),
    import('../target/node-files/with-node-files.ts'),
    import('undici'),
  ]);
  const practice = await starting;
  const target = await liveTarget({
    kubeconfig: practice.kubeconfig,
    kind: 'practice',
    name: practice.scenario,
  });
  const nodes = join(dirname(practice.kubeconfig), 'nodes');
  return {
    ...withNodeFiles(bind(target), nodes),
    close: () => target.close().then(() => practice.close()),
  };
}

async function openFiles(paths: readonly string[], signal: AbortSignal | undefined): Promise<OpenTarget> {
  const {manifestsTarget} = await import('../target/manifests.ts');
  const isStream = paths.length === 1 && paths[0] === '-';
  const input = isStream ? {input: await readInput(signal)} : {};
  const target = manifestsTarget({paths, ...input});
  const way = relative(process.cwd(), target.address).split(sep).join('/');
  const isBelow = way !== '' && !isStream && way !== '..' && !way.startsWith('../') && !way.includes(':');
  return {...target, fromHere: (path) => (isBelow ? `${way}/${path}` : path)};
}

const readInput = (signal: AbortSignal | undefined): Promise<string> =>
  text(signal ? addAbortSignal(signal, process.stdin) : process.stdin);

/** The methods of a target as own properties, so that one of them can be replaced. */
export function bind(target: Target): Target {
  const {kind, name, address, environment, access, relist} = target;
  return {
    ...(access === undefined ? {} : {access: access.bind(target)}),
    ...(relist === undefined ? {} : {relist: relist.bind(target)}),
    kind,
    name,
    address,
    environment,
    identity: (signal) => target.identity(signal),
    watch: (onEvents, signal) => target.watch(onEvents, signal),
    list: (signal) => target.list(signal),
    preview: (change, signal) => target.preview(change, signal),
    apply: (item, signal) => target.apply(item, signal),
    read: (ref, signal) => target.read(ref, signal),
    close: () => target.close(),
  };
}
