import {asObject, asString, type Json, type JsonObject} from '../../../engine/json.ts';
import {formatSelector} from '../selectors.ts';
import {at, formatLabels, listAt, names, numberAt, objectAt, textAt} from './access.ts';
import {humanDuration, since} from './duration.ts';

type Cells = (object: JsonObject) => readonly Json[];

const age = (object: JsonObject): string => since(asObject(object.metadata).creationTimestamp);
const nameOf = (object: JsonObject): string => asString(asObject(object.metadata).name);
const images = (object: JsonObject): [string, string] =>
  names(listAt(object, 'spec.template.spec.containers'));
const selector = (object: JsonObject): string =>
  formatSelector(objectAt(object, 'spec.selector')) || '<none>';

export const deployment: Cells = (o) => [
  nameOf(o),
  `${numberAt(o, 'status.readyReplicas')}/${numberAt(o, 'spec.replicas')}`,
  numberAt(o, 'status.updatedReplicas'),
  numberAt(o, 'status.availableReplicas'),
  age(o),
  ...images(o),
  selector(o),
];

export const replicaSet: Cells = (o) => [
  nameOf(o),
  numberAt(o, 'spec.replicas'),
  numberAt(o, 'status.replicas'),
  numberAt(o, 'status.readyReplicas'),
  age(o),
  ...images(o),
  selector(o),
];

export const replicationController: Cells = (o) => [
  ...replicaSet(o).slice(0, -1),
  formatLabels(objectAt(o, 'spec.selector')),
];

export const statefulSet: Cells = (o) => [
  nameOf(o),
  `${numberAt(o, 'status.readyReplicas')}/${numberAt(o, 'spec.replicas')}`,
  age(o),
  ...images(o),
];

export const daemonSet: Cells = (o) => [
  nameOf(o),
  numberAt(o, 'status.desiredNumberScheduled'),
  numberAt(o, 'status.currentNumberScheduled'),
  numberAt(o, 'status.numberReady'),
  numberAt(o, 'status.updatedNumberScheduled'),
  numberAt(o, 'status.numberAvailable'),
  formatLabels(objectAt(o, 'spec.template.spec.nodeSelector')),
  age(o),
  ...images(o),
  selector(o),
];

function jobStatus(o: JsonObject): string {
  const has = (type: string): boolean =>
    listAt(o, 'status.conditions').some((item) => item.type === type && item.status === 'True');
  if (has('Complete')) return 'Complete';
  if (has('Failed')) return 'Failed';
  if (asObject(o.metadata).deletionTimestamp) return 'Terminating';
  return ['Suspended', 'FailureTarget', 'SuccessCriteriaMet'].find(has) ?? 'Running';
}

export const job: Cells = (o) => {
  const done = numberAt(o, 'status.succeeded');
  const wanted = at(o, 'spec.completions');
  const parallel = numberAt(o, 'spec.parallelism');
  const start = textAt(o, 'status.startTime');
  const end = textAt(o, 'status.completionTime');
  const seconds = ((end ? Date.parse(end) : Date.now()) - Date.parse(start)) / 1000;
  return [
    nameOf(o),
    jobStatus(o),
    typeof wanted === 'number'
      ? `${done}/${wanted}`
      : parallel > 1
        ? `${done}/1 of ${parallel}`
        : `${done}/1`,
    start ? humanDuration(seconds) : '',
    age(o),
    ...images(o),
    selector(o),
  ];
};

export const cronJob: Cells = (o) => {
  const last = textAt(o, 'status.lastScheduleTime');
  const suspend = at(o, 'spec.suspend');
  const job = objectAt(o, 'spec.jobTemplate');
  return [
    nameOf(o),
    textAt(o, 'spec.schedule'),
    textAt(o, 'spec.timeZone') || '<none>',
    suspend === undefined ? '<unset>' : suspend === true ? 'True' : 'False',
    listAt(o, 'status.active').length,
    last ? since(last) : '<none>',
    age(o),
    ...images(job),
    formatSelector(objectAt(job, 'spec.selector')) || '<none>',
  ];
};

const whole = (value: Json | undefined): string =>
  value === undefined || value === null ? '<unknown>' : String(value);

function metric(spec: JsonObject, current: JsonObject | undefined): string {
  const type = asString(spec.type);
  const key = type ? `${type[0]!.toLowerCase()}${type.slice(1)}` : '';
  const target = objectAt(spec, `${key}.target`);
  const now = current ? objectAt(current, `${key}.current`) : {};
  const name = textAt(spec, `${key}.name`);
  const prefix = type === 'Resource' || type === 'ContainerResource' ? `${name}: ` : '';
  if (target.averageUtilization !== undefined)
    return `${prefix}${now.averageUtilization === undefined ? '<unknown>' : `${Number(now.averageUtilization)}%`}/${Number(target.averageUtilization)}%`;
  if (target.averageValue !== undefined)
    return `${prefix}${whole(now.averageValue)}/${whole(target.averageValue)}${type === 'Pods' ? '' : prefix ? '' : ' (avg)'}`;
  return `${prefix}${whole(now.value)}/${whole(target.value)}`;
}

export const autoscaler: Cells = (o) => {
  const specs = listAt(o, 'spec.metrics');
  const current = listAt(o, 'status.currentMetrics');
  const shown = specs.slice(0, 2).map((spec, index) => metric(spec, current[index]));
  const more = specs.length > 2 ? ` + ${specs.length - 2} more...` : '';
  return [
    nameOf(o),
    `${textAt(o, 'spec.scaleTargetRef.kind')}/${textAt(o, 'spec.scaleTargetRef.name')}`,
    shown.length > 0 ? shown.join(', ') + more : '<none>',
    at(o, 'spec.minReplicas') === undefined ? '<unset>' : String(numberAt(o, 'spec.minReplicas')),
    numberAt(o, 'spec.maxReplicas'),
    numberAt(o, 'status.currentReplicas'),
    age(o),
  ];
};

export const disruptionBudget: Cells = (o) => {
  const value = (path: string): string => {
    const found = at(o, path);
    return found === undefined ? 'N/A' : String(found);
  };
  return [
    nameOf(o),
    value('spec.minAvailable'),
    value('spec.maxUnavailable'),
    numberAt(o, 'status.disruptionsAllowed'),
    age(o),
  ];
};

/** A scale of any kind. */
export const scale: Cells = (o) => [
  nameOf(o),
  numberAt(o, 'spec.replicas'),
  numberAt(o, 'status.replicas'),
  age(o),
];
