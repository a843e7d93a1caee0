import {asArray, asObject, asString, isArray, type Json, type JsonObject} from '../../engine/json.ts';
import {lastApplied, withoutServerFields} from '../../engine/server-fields.ts';

/** An object as it is created again after it was deleted: without what the server and its controllers had filled in. */
export function toCreateAgain(live: JsonObject): JsonObject {
  const {metadata, ...object} = withoutServerFields(live);
  const {deletionTimestamp: _, deletionGracePeriodSeconds: __, ...kept} = asObject(metadata);
  const clean: JsonObject = {...object, metadata: kept};
  if (live.kind === 'Pod') return {...clean, spec: podSpecToCreate(asObject(clean.spec), pinnedNode(live))};
  return live.kind === 'Job' ? jobToCreate(clean) : clean;
}

/** The node that the author wrote, not the one that the scheduler chose. */
function pinnedNode(live: JsonObject): string {
  const applied = asString(asObject(asObject(live.metadata).annotations)[lastApplied]);
  try {
    return asString(asObject(asObject(JSON.parse(applied)).spec).nodeName);
  } catch {
    return '';
  }
}

const tokenVolume = /^kube-api-access-[a-z0-9]{5}$/;

/** Admission adds the token volume anew where the pod (still) mounts one. */
function podSpecToCreate({nodeName: _, ...spec}: JsonObject, pinned: string): JsonObject {
  const isToken = (item: Json): boolean => tokenVolume.test(asString(asObject(item).name));
  const withoutMounts = (container: Json): Json => {
    const {volumeMounts, ...rest} = asObject(container);
    const mounts = asArray(volumeMounts).filter((item) => !isToken(item));
    return mounts.length > 0 ? {...rest, volumeMounts: mounts} : rest;
  };
  const {volumes, ephemeralContainers: __, ...clean} = spec;
  const keptVolumes = asArray(volumes).filter((item) => !isToken(item));
  return {
    ...clean,
    ...(keptVolumes.length > 0 ? {volumes: keptVolumes} : {}),
    ...(pinned ? {nodeName: pinned} : {}),
    ...(isArray(spec.containers) ? {containers: spec.containers.map(withoutMounts)} : {}),
    ...(isArray(spec.initContainers) ? {initContainers: spec.initContainers.map(withoutMounts)} : {}),
  };
}

const jobLabels = [
  'controller-uid',
  'job-name',
  'batch.kubernetes.io/controller-uid',
  'batch.kubernetes.io/job-name',
];

/** The Job controller makes selector and labels of the pods itself, from the uid. */
function jobToCreate(job: JsonObject): JsonObject {
  const {selector, template, ...spec} = asObject(job.spec);
  if (spec.manualSelector === true) return job;
  const {metadata, ...pod} = asObject(template);
  return {
    ...job,
    metadata: withoutJobLabels(asObject(job.metadata)),
    spec: {...spec, template: {metadata: withoutJobLabels(asObject(metadata)), ...pod}},
  };
}

function withoutJobLabels({labels, ...metadata}: JsonObject): JsonObject {
  const kept = Object.entries(asObject(labels)).filter(([name]) => !jobLabels.includes(name));
  return kept.length > 0 ? {...metadata, labels: Object.fromEntries(kept)} : metadata;
}
