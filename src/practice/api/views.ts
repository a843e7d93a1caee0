import {asArray, asObject, isObject, type Json, type JsonObject} from '../../engine/json.ts';
import {copy, type Draft} from './draft.ts';
import type {Registry, ResourceInfo} from './resources.ts';

/** A kind that is another form of a stored one. */
export type View = {
  readonly stored: ResourceInfo;
  readonly toStored: (view: Draft) => Draft;
  readonly fromStored: (object: JsonObject) => JsonObject;
};

const views = new WeakMap<ResourceInfo, ResourceInfo>();

/** A kind as it is asked for, with the way to the form in which it is kept. */
export function withView(registry: Registry, info: ResourceInfo): ResourceInfo {
  const convert = converters[`${info.apiVersion} ${info.kind}`];
  const stored = convert && registry.get(convert.stored);
  if (!stored) return info;
  let viewed = views.get(info);
  if (!viewed) {
    viewed = {...info, id: stored.id, view: makeView(info, stored, convert)};
    views.set(info, viewed);
  }
  return viewed;
}

function makeView(info: ResourceInfo, stored: ResourceInfo, convert: Converter): View {
  const known = new WeakMap<JsonObject, JsonObject>();
  return {
    stored,
    toStored: (view) => ({...convert.toStored(view), apiVersion: stored.apiVersion, kind: stored.kind}),
    fromStored(object) {
      let made = known.get(object);
      if (!made) {
        const {kind: _, apiVersion: __, ...rest} = convert.fromStored(object);
        made = {kind: info.kind, apiVersion: info.apiVersion, ...rest};
        known.set(object, made);
      }
      return made;
    },
  };
}

type Converter = {
  readonly stored: string;
  readonly toStored: (view: Draft) => Draft;
  readonly fromStored: (object: JsonObject) => JsonObject;
};

/** Names of the same field: of events.k8s.io, and of the core. */
const eventFields: readonly (readonly [string, string])[] = [
  ['regarding', 'involvedObject'],
  ['note', 'message'],
  ['reportingController', 'reportingComponent'],
  ['deprecatedSource', 'source'],
  ['deprecatedFirstTimestamp', 'firstTimestamp'],
  ['deprecatedLastTimestamp', 'lastTimestamp'],
  ['deprecatedCount', 'count'],
];

function renamed(object: JsonObject, from: 0 | 1): Draft {
  const names = new Map(eventFields.map((pair) => [pair[from], pair[1 - from]!]));
  const result: Draft = {};
  for (const [key, value] of Object.entries(copy(object))) result[names.get(key) ?? key] = value;
  return result;
}

const scaleStatus = (view: JsonObject): JsonObject => asObject(view.status);
const isCpu = (metric: JsonObject): boolean =>
  metric.type === 'Resource' && asObject(metric.resource).name === 'cpu';
const metricsKey = 'autoscaling.alpha.kubernetes.io/metrics';

/** The first version keeps what it has no field for in an annotation. */
function autoscalerV1(object: JsonObject): JsonObject {
  const {metrics, behavior: _, ...spec} = asObject(object.spec);
  const list = asArray(metrics).map(asObject);
  const target = asObject(asObject(list.find(isCpu)?.resource).target).averageUtilization;
  const others = list.filter((metric) => !isCpu(metric));
  const metadata = asObject(object.metadata);
  const annotations = {
    ...asObject(metadata.annotations),
    ...(others.length > 0 ? {[metricsKey]: JSON.stringify(others)} : {}),
  };
  const {currentMetrics: __, conditions: ___, ...status} = scaleStatus(object);
  return {
    ...object,
    metadata: {...metadata, ...(Object.keys(annotations).length > 0 ? {annotations} : {})},
    spec: {...spec, ...(target === undefined ? {} : {targetCPUUtilizationPercentage: target})},
    status: {...status, currentReplicas: status.currentReplicas ?? 0},
  };
}

function autoscalerV2(view: Draft): Draft {
  const draft = copy(view);
  const spec = isObject(draft.spec) ? (draft.spec as Draft) : {};
  const metadata = isObject(draft.metadata) ? (draft.metadata as Draft) : {};
  const annotations = isObject(metadata.annotations) ? (metadata.annotations as Draft) : {};
  const {targetCPUUtilizationPercentage: percent, ...rest} = spec;
  const kept = annotations[metricsKey];
  const metrics: Json[] = typeof kept === 'string' ? [...asArray(parsed(kept))] : [];
  delete annotations[metricsKey];
  if (typeof percent === 'number')
    metrics.push({
      type: 'Resource',
      resource: {name: 'cpu', target: {type: 'Utilization', averageUtilization: percent}},
    });
  draft.spec = {...rest, ...(metrics.length > 0 ? {metrics: copy({metrics}).metrics!} : {})};
  return draft;
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return [];
  }
}

const converters: Readonly<Record<string, Converter>> = {
  'events.k8s.io/v1 Event': {
    stored: 'events',
    toStored: (view) => renamed(view, 0),
    fromStored: (object) => renamed(object, 1),
  },
  'autoscaling/v1 HorizontalPodAutoscaler': {
    stored: 'horizontalpodautoscalers.autoscaling',
    toStored: autoscalerV2,
    fromStored: autoscalerV1,
  },
};
