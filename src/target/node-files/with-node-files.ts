import {redact} from '../../engine/credentials.ts';
import {equal} from '../../engine/json.ts';
import {filePathOf} from '../../engine/node-file.ts';
import type {Resource} from '../../engine/objects.ts';
import {watchFolders} from '../files/watch.ts';
import {type Applied, type PreviewItem, type Target, TargetError, type TargetEvent} from '../target.ts';
import {applyFile, type Drafts, previewFile} from './edit.ts';
import {contentOf, pathOf, type Read, readNodes, readText} from './place.ts';
import {whyAway} from './server-log.ts';

/**
 * A cluster whose nodes' files lie in a folder of this machine, `FOLDER/NODE/etc/kubernetes/…`, as those of the
 * practice cluster do: they are told like any other object, followed, and edited.
 */
export function withNodeFiles(target: Target, folder: string): Target {
  const told = new Map<string, Resource>();
  const read: Read = new Map();
  let tell: ((events: readonly TargetEvent[]) => void) | undefined;
  // One write at a time: two steps may be about the same file.
  let writing: Promise<unknown> = Promise.resolve();

  /** What changed since the last look. */
  function look(): readonly TargetEvent[] {
    const {resources} = readNodes(folder, read);
    const keys = new Set(resources.map(({key}) => key));
    const gone = [...told.keys()].filter((key) => !keys.has(key));
    const changed = resources.filter(({key, object}) => !equal(told.get(key)?.object ?? null, object));
    for (const key of gone) told.delete(key);
    for (const resource of changed) told.set(resource.key, resource);
    return [
      ...changed.map((resource): TargetEvent => ({type: 'set', resource})),
      ...gone.map((key): TargetEvent => ({type: 'delete', key})),
    ];
  }

  /** A connection that is lost, with what the log on the node says. */
  function withReason(event: TargetEvent): TargetEvent {
    const why = event.type === 'lost' ? whyAway(folder) : undefined;
    return event.type === 'lost' && why !== undefined
      ? {...event, message: `${event.message} ${why}`}
      : event;
  }

  function explain(error: unknown): never {
    const why = error instanceof TargetError && error.problem === 'unreachable' ? whyAway(folder) : undefined;
    if (!(error instanceof TargetError) || why === undefined) throw error;
    throw new TargetError(error.problem, error.message, [why, ...error.details], {cause: error});
  }

  function follow(): void {
    const events = look();
    if (events.length > 0) tell?.(events);
  }

  async function write(item: PreviewItem): Promise<Applied> {
    if (item.step.do !== 'file') return target.apply(item);
    const applied = await applyFile(folder, item, item.step);
    follow();
    return applied;
  }

  const {kind, name, address, environment, access, relist} = target;
  return {
    kind,
    name,
    address,
    environment,
    ...(access === undefined ? {} : {access: access.bind(target)}),
    ...(relist === undefined ? {} : {relist: relist.bind(target)}),
    identity: (signal) => target.identity(signal),
    close: () => target.close(),
    async list(signal) {
      told.clear();
      return [...look(), ...(await target.list(signal).catch(explain))];
    },
    async watch(onEvents, signal) {
      told.clear();
      tell = onEvents;
      onEvents(look());
      watchFolders(
        () => readNodes(folder, read).folders,
        async () => follow(),
        signal,
      );
      // What changed before the folders were watched.
      follow();
      try {
        await target.watch((events) => onEvents(events.map(withReason)), signal);
      } finally {
        tell = undefined;
      }
    },
    async preview(change, signal) {
      const others = change.steps.filter((step) => step.do !== 'file');
      const items = [...(others.length > 0 ? await target.preview({...change, steps: others}, signal) : [])];
      const drafts: Drafts = new Map();
      return change.steps.flatMap((step) =>
        step.do === 'file' ? [previewFile(folder, step, drafts)] : (items.shift() ?? []),
      );
    },
    apply(item) {
      const written = writing.then(() => write(item));
      writing = written.catch(() => undefined);
      return written;
    },
    async read(ref, signal) {
      if (ref.kind !== 'NodeFile') return target.read(ref, signal);
      const content = contentOf(readText(pathOf(folder, ref.namespace, filePathOf(ref))) ?? '');
      return content && redact(content);
    },
  };
}
