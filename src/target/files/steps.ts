import {basename, dirname} from 'node:path';
import type {OriginalText, Step} from '../../engine/change.ts';
import {redact} from '../../engine/credentials.ts';
import {
  applyEdits,
  buildObject,
  EditError,
  resolveEdits,
  touchedValues,
  UnresolvedError,
} from '../../engine/edits.ts';
import {asObject, equal, type JsonObject} from '../../engine/json.ts';
import {describe, objectId, type Ref, refOf, refOfObject} from '../../engine/objects.ts';
import {formatPath, getAt} from '../../engine/path.ts';
import type {Work} from '../../engine/slices.ts';
import {type PreviewItem, TargetError} from '../target.ts';
import {position} from './documents.ts';
import {Draft, type Place, raw, type Written} from './draft.ts';
import {SpliceError} from './locate.ts';
import {withOriginal} from './original.ts';
import {spliceEdits, spliceItem} from './splice.ts';
import type {Workspace} from './workspace.ts';
import {parseYaml, toJson} from './yaml.ts';

/** A step computed on a draft: what a preview shows, and the text that an apply writes. */
type Outcome = Omit<PreviewItem, 'step'> & {readonly written?: Written};

/** As shown in a preview and kept in the journal. */
export const visible = redact;

const noSecrets = (object: JsonObject): string => {
  const {name, namespace} = refOfObject(object);
  const keys = Object.keys({...asObject(object.data), ...asObject(object.stringData)});
  const from = keys.length === 1 ? `--from-file=${keys[0]}=/dev/stdin` : '--from-env-file=/dev/stdin';
  const where = namespace ? ` -n ${namespace}` : '';
  return `No Secret is written to a file. Create it in the cluster (kubectl create secret generic ${name}${where} ${from}), and rotate what it holds: version control has seen it.`;
};

/** Computes the steps of a change on a draft, one after the other: each takes a millisecond or two. */
export function* previewSteps(workspace: Workspace, steps: readonly Step[]): Work<readonly PreviewItem[]> {
  const draft = new Draft(workspace);
  const items: PreviewItem[] = [];
  const secrets: string[] = [];
  for (const step of steps) {
    // Its values would end in version control; the person creates it, so it is told beside what refers to it.
    if (step.do === 'create' && step.object.base.kind === 'Secret' && steps.length > 1) {
      secrets.push(noSecrets({...step.object.base, ...visibleKeys(step)}));
      continue;
    }
    const {written, ...outcome} = runStep(workspace, draft, step);
    if (written) draft.write(written);
    items.push({step, ...outcome, warnings: [...secrets.splice(0), ...outcome.warnings]});
    yield;
  }
  return items;
}

/** The keys that a Secret's edits set, without reading a value. */
const visibleKeys = (step: Extract<Step, {do: 'create'}>): JsonObject => {
  const keys = (step.object.edits ?? []).map(({path}) => path[1]).filter((key) => typeof key === 'string');
  return keys.length > 0 ? {data: Object.fromEntries(keys.map((key) => [key, '']))} : {};
};

/** One step on the files as they are in the draft. What stands in its way is its rejection. */
export function runStep(workspace: Workspace, draft: Draft, step: Step): Outcome {
  if (step.do === 'create') return create(workspace, draft, step);
  if (step.do === 'file') {
    const ref = {apiVersion: 'kubekata/v1', kind: 'Node', namespace: '', name: step.node};
    return rejected(ref, undefined, `Manifests hold no files of nodes: change ${step.file} on ${step.node}.`);
  }
  const place = draft.find(step.object);
  if (place === undefined) {
    return rejected(step.object, undefined, `${describe(step.object)} is in no file any more: rescan.`);
  }
  const readOnly = workspace.readOnly(place.file);
  const before = raw(place);
  if (readOnly !== undefined) return rejected(refOf(place.found.resource), visible(before), readOnly);
  return step.do === 'delete' ? remove(draft, place, before) : edit(draft, place, before, step);
}

const rejected = (ref: Ref, before: JsonObject | undefined, rejection: string, after = before): Outcome => ({
  ref,
  before,
  after,
  confirmedBy: 'parsed',
  warnings: [],
  rejection,
  expected: {values: []},
});

function edit(
  draft: Draft,
  place: Place,
  before: JsonObject,
  step: Extract<Step, {do: 'edit' | 'recreate'}>,
): Outcome {
  const {chunk, found} = place;
  const ref = refOf(found.resource);
  let after = before;
  try {
    const edits = resolveEdits(step.edits, undefined, draft.lookup);
    after = applyEdits(before, edits);
    const {text} = chunk;
    const back = step.original && backTo(place, step.original, after);
    const next = back
      ? back
      : found.extent
        ? spliceItem(text, found.document, found.path, found.extent, edits)
        : spliceEdits(text, found.document, found.path, edits);
    return {
      ref,
      before: visible(before),
      after: visible(after),
      ...draft.edit(place, next),
      confirmedBy: 'parsed',
      warnings: [],
      expected: {values: touchedValues(before, step.edits)},
    };
  } catch (cause) {
    return rejected(ref, visible(before), sentence(cause, place), visible(after));
  }
}

/** The document as it was before the step that is undone, where that is the same object. */
function backTo({chunk, found}: Place, original: OriginalText, after: JsonObject): string | undefined {
  const text = withOriginal(chunk.text, original);
  if (text === undefined) return undefined;
  const document = parseYaml(text)[found.document];
  const isSame = document?.errors.length === 0 && equal(getAt(toJson(document), found.path), after);
  return isSame ? text : undefined;
}

function remove(draft: Draft, place: Place, before: JsonObject): Outcome {
  const ref = refOf(place.found.resource);
  try {
    return {
      ref,
      before: visible(before),
      after: undefined,
      ...draft.remove(place),
      confirmedBy: 'parsed',
      warnings: [],
      expected: {values: [{path: [], value: visible(before)}]},
    };
  } catch (cause) {
    return rejected(ref, visible(before), sentence(cause, place));
  }
}

function create(workspace: Workspace, draft: Draft, step: Extract<Step, {do: 'create'}>): Outcome {
  let object = step.object.base;
  try {
    if (object.kind === 'Secret') return rejected(refOfObject(object), undefined, noSecrets(object));
    object = buildObject(step.object, undefined, draft.lookup);
    const ref = refOfObject(object);
    const known = draft.find(ref);
    if (known) {
      const source = known.found.resource.source;
      return rejected(ref, undefined, `${describe(ref)} is already in ${source}: edit it there.`, object);
    }
    const restored = step.original && draft.restore(step.original, object);
    const file = restored?.written.file ?? draft.placeFor(ref.namespace);
    const reason = workspace.readOnly(file);
    if (
      reason !== undefined ||
      workspace.selection.starts.length + workspace.selection.patterns.length === 0
    ) {
      return rejected(
        ref,
        undefined,
        reason ?? 'Standard input has no folder for a new file: save it to a file first.',
        object,
      );
    }
    const kustomization = workspace.kustomizations.includes(dirname(workspace.absolute(file)));
    return {
      ref: {...ref, key: `${objectId(ref.kind, ref.namespace, ref.name)}@${file}`},
      before: undefined,
      after: visible(object),
      ...(restored ?? draft.append(file, object)),
      confirmedBy: 'parsed',
      warnings:
        kustomization && !restored
          ? [`Add ${basename(file)} to the resources of the kustomization beside it.`]
          : [],
      expected: {values: []},
    };
  } catch (cause) {
    return rejected(refOfObject(object), undefined, sentence(cause), object);
  }
}

/** An expected obstacle as a sentence, with the line of the file. @throws what was not expected */
function sentence(cause: unknown, place?: Place): string {
  if (cause instanceof SpliceError && place) {
    const {line} = position(place.chunk, cause.offset);
    return `${place.file}: ${cause.message.replace('{line}', String(line))}`;
  }
  if (cause instanceof EditError || cause instanceof UnresolvedError || cause instanceof SpliceError)
    return cause.message;
  throw cause;
}

/** @throws {TargetError} `conflict` when a touched value is not as the preview saw it. */
export function expectUnchanged(draft: Draft, item: PreviewItem): void {
  const {step, expected} = item;
  if (step.do === 'create' || step.do === 'file') return;
  const place = draft.find(step.object);
  if (place === undefined) {
    throw new TargetError('gone', `${describe(step.object)} is in no file any more.`, [
      'Nothing was written: rescan.',
    ]);
  }
  for (const {path, value} of expected.values) {
    const now = path.length === 0 ? visible(raw(place)) : getAt(raw(place), path);
    if (equal(now, value)) continue;
    const field = formatPath(path, raw(place)) || 'its content';
    throw new TargetError(
      'conflict',
      `${describe(step.object)} in ${place.found.resource.source} changed since the preview: ${field}.`,
      ['Nothing was written. Look at the new state and decide again.'],
    );
  }
}
