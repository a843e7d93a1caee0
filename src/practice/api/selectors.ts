import {asObject, asString, type Json, type JsonObject} from '../../engine/json.ts';
import {badRequest} from './api-error.ts';
import type {LabelSelector, Requirement} from './label-selector.ts';

export {type LabelSelector, parseLabelSelector} from './label-selector.ts';

export function matchesLabels(selector: LabelSelector, labels: JsonObject): boolean {
  return selector.every(({key, operator, values}) => {
    const value = labels[key];
    const present = typeof value === 'string';
    switch (operator) {
      case 'exists':
        return present;
      case '!':
        return !present;
      case 'in':
        return present && values.includes(value);
      case 'notin':
        return !present || !values.includes(value);
      case 'gt':
        return present && Number(value) > Number(values[0]);
      default:
        return present && Number(value) < Number(values[0]);
    }
  });
}

/** The `LabelSelector` of a spec (matchLabels, matchExpressions) as requirements. */
export function selectorOf(spec: JsonObject): LabelSelector {
  const labels = Object.entries(asObject(spec.matchLabels)).map(
    ([key, value]): Requirement => ({key, operator: 'in', values: [asString(value)]}),
  );
  const expressions = Array.isArray(spec.matchExpressions) ? spec.matchExpressions : [];
  return [
    ...labels,
    ...expressions.map((item: Json): Requirement => {
      const {key, operator, values} = asObject(item);
      const operators = {In: 'in', NotIn: 'notin', Exists: 'exists', DoesNotExist: '!'} as const;
      return {
        key: asString(key),
        operator: operators[asString(operator) as keyof typeof operators] ?? 'exists',
        values: Array.isArray(values) ? values.map((value: Json) => asString(value)) : [],
      };
    }),
  ];
}

export function formatSelector(spec: JsonObject): string {
  const parts = selectorOf(spec).map(({key, operator, values}) => {
    if (operator === 'in' && values.length === 1 && asObject(spec.matchLabels)[key] === values[0])
      return `${key}=${values[0]}`;
    if (operator === 'in' || operator === 'notin')
      return `${key} ${operator} (${[...values].sort().join(',')})`;
    return operator === '!' ? `!${key}` : key;
  });
  return parts.sort().join(',');
}

export type FieldSelector = readonly {
  readonly field: string;
  readonly not: boolean;
  readonly value: string;
}[];

const podFields = [
  'spec.nodeName',
  'spec.restartPolicy',
  'spec.schedulerName',
  'spec.serviceAccountName',
  'spec.hostNetwork',
  'status.phase',
  'status.podIP',
  'status.podIPs',
  'status.nominatedNodeName',
];
const eventFields = [
  'involvedObject.kind',
  'involvedObject.namespace',
  'involvedObject.name',
  'involvedObject.uid',
  'involvedObject.apiVersion',
  'involvedObject.resourceVersion',
  'involvedObject.fieldPath',
  'reason',
  'reportingComponent',
  'source',
  'type',
];
/** Fields that each kind can be selected by, besides name and namespace. */
const selectable: Readonly<Record<string, readonly string[]>> = {
  pods: podFields,
  events: eventFields,
  'events.events.k8s.io': eventFields,
  secrets: ['type'],
  nodes: ['spec.unschedulable'],
  namespaces: ['status.phase', 'name'],
  services: ['spec.clusterIP', 'spec.type'],
  replicationcontrollers: ['status.replicas'],
  'jobs.batch': ['status.successful'],
  'certificatesigningrequests.certificates.k8s.io': ['spec.signerName'],
};

/** @throws {ApiError} 400 for a field that the kind can't be selected by. */
export function parseFieldSelector(text: string, resource: {readonly id: string}): FieldSelector {
  return text
    .split(',')
    .filter((part) => part !== '')
    .map((part) => {
      const match = /^([^=!]+)(==|=|!=)(.*)$/.exec(part);
      if (!match) throw badRequest(`invalid selector: '${part}'; can't understand '${part}'`);
      const [, field = '', sign, value = ''] = match;
      const known =
        field === 'metadata.name' ||
        field === 'metadata.namespace' ||
        selectable[resource.id]?.includes(field);
      if (!known)
        throw badRequest(
          selectable[resource.id]
            ? resource.id === 'jobs.batch'
              ? `field label ${JSON.stringify(field)} not supported for Job`
              : `field label not supported: ${field}`
            : `${JSON.stringify(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`,
        );
      return {field, not: sign === '!=', value};
    });
}

function fieldValue(field: string, object: JsonObject): string {
  if (field === 'name') return asString(asObject(object.metadata).name);
  if (field === 'source')
    return asString(asObject(object.source).component) || asString(object.reportingComponent);
  let current: Json | undefined = object;
  for (const part of field.split('.')) current = asObject(current)[part];
  if (field === 'spec.unschedulable' || field === 'spec.hostNetwork') return String(current ?? false);
  if (typeof current === 'number') return String(current);
  return asString(current);
}

export const matchesFields = (selector: FieldSelector, object: JsonObject): boolean =>
  selector.every(({field, not, value}) => (fieldValue(field, object) === value) !== not);
