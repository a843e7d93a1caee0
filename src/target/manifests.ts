import type {Change, OriginalText} from '../engine/change.ts';
import type {JsonObject} from '../engine/json.ts';
import type {Ref} from '../engine/objects.ts';
import type {Path} from '../engine/path.ts';
import {inSlices} from '../engine/slices.ts';
import {removeFile, replaceFile} from './files/disk.ts';
import {Draft, raw} from './files/draft.ts';
import {originalOf} from './files/original.ts';
import {locator, type Position} from './files/position.ts';
import {createRender, type Virtual} from './files/render.ts';
import {expectUnchanged, previewSteps, runStep, visible} from './files/steps.ts';
import {select} from './files/walk.ts';
import {watchFolders} from './files/watch.ts';
import {Workspace} from './files/workspace.ts';
import {type Applied, type PreviewItem, type Target, TargetError, type TargetEvent} from './target.ts';

export type ManifestsOptions = {
  /** Files, folders and patterns; or `-` alone for `input`. */
  readonly paths: readonly string[];
  /** What paths in reports are relative to; else the folder that holds all of `paths`. */
  readonly root?: string;
  /** What relative paths start at; else the working folder. */
  readonly folder?: string;
  /** Standard input, read by the caller. */
  readonly input?: string;
  /** Whether charts and kustomizations are rendered by the tools on PATH. */
  readonly render?: boolean;
};

/** A target on disk; besides the contract it knows lines and columns. */
export type ManifestsTarget = Target & {
  /** Where a field stands, or the nearest parent that is there: `file` relative to the root, line and column from 1. */
  position(ref: Ref, path: Path): Position | undefined;
  /** The same for many fields: files are read, and documents parsed, once. */
  positions(): (ref: Ref, path: Path) => Position | undefined;
};

const evidence: readonly TargetEvent[] = (
  [
    ['Node', 'Manifests describe no nodes: scan a cluster to see them.'],
    ['Kubelet', 'Manifests say nothing of the kubelets: scan a cluster to see them.'],
  ] as const
).map(([kind, reason]) => ({type: 'coverage', kind, reason}));

/** The manifests below some paths. @throws {TargetError} when a path does not exist. */
export function manifestsTarget(options: ManifestsOptions): ManifestsTarget {
  const {paths, folder = '.', render = true} = options;
  const isStream = paths.length === 1 && paths[0] === '-';
  const selection = select(isStream ? [] : paths, folder, options.root ?? (isStream ? folder : undefined));
  const stream: readonly Virtual[] = isStream
    ? [
        {
          path: 'stdin',
          text: options.input ?? '',
          readOnly: 'Standard input can not be edited: save it to a file first.',
        },
      ]
    : [];
  const renderWalk = createRender(selection.root, render);
  const workspace = new Workspace(selection, async (walk) => {
    const rendered = await renderWalk(walk);
    return {...rendered, virtual: [...stream, ...rendered.virtual]};
  });
  // One write at a time: two steps may be about the same file.
  let writing: Promise<unknown> = Promise.resolve();

  const load = async (signal?: AbortSignal) => {
    if (!workspace.isLoaded) await workspace.refresh(signal);
  };

  const write = async (item: PreviewItem): Promise<Applied> => {
    await load();
    const draft = new Draft(workspace);
    expectUnchanged(draft, item);
    const place =
      item.step.do === 'edit' || item.step.do === 'recreate' ? draft.find(item.step.object) : undefined;
    const {written, ref, before, after, rejection, warnings} = runStep(workspace, draft, item.step);
    if (rejection !== undefined) throw new TargetError('rejected', rejection);
    let original: OriginalText | undefined;
    if (written) {
      const path = workspace.absolute(written.file);
      const text = written.version.text();
      if (place && written.chunk)
        original = originalOf(written.file, place.chunk.text, written.chunk[1].text);
      if (item.step.do === 'delete')
        original = originalOf(written.file, workspace.text(written.file) ?? '', text);
      if (text === '') await removeFile(path);
      else if (text !== workspace.text(written.file)) await replaceFile(path, text);
      await workspace.refreshFiles([written.file]);
    }
    return {ref, before, after, warnings, ...(original ? {original} : {})};
  };

  return {
    kind: 'files',
    name: isStream ? 'standard input' : paths.join(' '),
    address: selection.root,
    environment: {},
    identity: async () => workspace.identity,
    async list(signal) {
      await workspace.refresh(signal);
      return [...workspace.snapshot(), ...evidence, {type: 'ready'}];
    },
    async watch(onEvents, signal) {
      if (signal.aborted) return;
      if (workspace.isLoaded) onEvents(workspace.snapshot());
      workspace.listeners.add(onEvents);
      const aborted = new Promise<void>((done) => {
        signal.addEventListener('abort', () => done(), {once: true});
      });
      try {
        await workspace.refresh(signal);
        onEvents([...evidence, {type: 'ready'}]);
        watchFolders(
          () => workspace.folders,
          () => workspace.refresh(signal).catch(() => undefined),
          signal,
        );
        // What changed before the folders were watched.
        await workspace.refresh(signal);
        await aborted;
      } catch (cause) {
        if (!signal.aborted) throw cause;
      } finally {
        workspace.listeners.delete(onEvents);
      }
    },
    async preview(change: Change, signal) {
      await load(signal);
      return inSlices(previewSteps(workspace, change.steps), {signal});
    },
    apply(item) {
      const written = writing.then(() => write(item));
      writing = written.catch(() => undefined);
      return written;
    },
    async read(ref): Promise<JsonObject | undefined> {
      await load();
      const place = new Draft(workspace).find(ref);
      return place && visible(raw(place));
    },
    position: (ref, path) => locator(new Draft(workspace))(ref, path),
    positions: () => locator(new Draft(workspace)),
    close: async () => undefined,
  };
}
