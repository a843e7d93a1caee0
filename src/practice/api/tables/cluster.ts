import {asArray, asObject, asString, type Json, type JsonObject} from '../../../engine/json.ts';
import {formatSelector} from '../selectors.ts';
import {at, formatLabels, listAt, listWithMore, numberAt, objectAt, stringsAt, textAt} from './access.ts';
import {humanDuration, since} from './duration.ts';

type Cells = (object: JsonObject) => readonly Json[];

const age = (object: JsonObject): string => since(asObject(object.metadata).creationTimestamp);
const nameOf = (object: JsonObject): string => asString(asObject(object.metadata).name);
const annotation = (object: JsonObject, key: string): string =>
  asString(objectAt(object, 'metadata.annotations')[key]);

const rolePrefix = 'node-role.kubernetes.io/';

export const node: Cells = (o) => {
  const ready = listAt(o, 'status.conditions').find(({type}) => type === 'Ready');
  const status = [ready ? (ready.status === 'True' ? 'Ready' : 'NotReady') : 'Unknown'];
  if (at(o, 'spec.unschedulable') === true) status.push('SchedulingDisabled');
  const labels = objectAt(o, 'metadata.labels');
  const roles = Object.keys(labels)
    .filter((key) => key.startsWith(rolePrefix) && key.length > rolePrefix.length)
    .map((key) => key.slice(rolePrefix.length));
  if (asString(labels['kubernetes.io/role'])) roles.push(asString(labels['kubernetes.io/role']));
  const address = (type: string): string =>
    asString(listAt(o, 'status.addresses').find((item) => item.type === type)?.address) || '<none>';
  const architecture = textAt(o, 'status.nodeInfo.architecture');
  return [
    nameOf(o),
    status.join(','),
    [...new Set(roles)].sort().join(',') || '<none>',
    age(o),
    textAt(o, 'status.nodeInfo.kubeletVersion'),
    address('InternalIP'),
    address('ExternalIP'),
    textAt(o, 'status.nodeInfo.osImage') || '<unknown>',
    `${textAt(o, 'status.nodeInfo.kernelVersion') || '<unknown>'}${architecture ? ` (${architecture})` : ''}`,
    textAt(o, 'status.nodeInfo.containerRuntimeVersion') || '<unknown>',
  ];
};

export const namespace: Cells = (o) => [nameOf(o), textAt(o, 'status.phase'), age(o)];

function externalAddress(o: JsonObject): string {
  const external = stringsAt(o, 'spec.externalIPs');
  switch (textAt(o, 'spec.type')) {
    case 'LoadBalancer': {
      const given = listAt(o, 'status.loadBalancer.ingress').map(
        ({ip, hostname}) => asString(ip) || asString(hostname),
      );
      return [...new Set(given), ...external].join(',') || '<pending>';
    }
    case 'ExternalName':
      return textAt(o, 'spec.externalName');
    default:
      return external.join(',') || '<none>';
  }
}

export const service: Cells = (o) => [
  nameOf(o),
  textAt(o, 'spec.type'),
  stringsAt(o, 'spec.clusterIPs')[0] ?? '<none>',
  externalAddress(o),
  listAt(o, 'spec.ports')
    .map(
      (port) =>
        `${Number(port.port)}${port.nodePort ? `:${Number(port.nodePort)}` : ''}/${asString(port.protocol)}`,
    )
    .join(',') || '<none>',
  age(o),
  formatLabels(objectAt(o, 'spec.selector')),
];

export const ingress: Cells = (o) => {
  const hosts = listAt(o, 'spec.rules')
    .map(({host}) => asString(host))
    .filter((host) => host !== '');
  const addresses = listAt(o, 'status.loadBalancer.ingress').map(
    ({ip, hostname}) => asString(ip) || asString(hostname),
  );
  return [
    nameOf(o),
    textAt(o, 'spec.ingressClassName') || '<none>',
    hosts.length > 0 ? listWithMore(hosts) : '*',
    [...new Set(addresses)].join(','),
    listAt(o, 'spec.tls').length > 0 ? '80, 443' : '80',
    age(o),
  ];
};

export const ingressClass: Cells = (o) => {
  const parameters = objectAt(o, 'spec.parameters');
  const group = asString(parameters.apiGroup);
  const isDefault = annotation(o, 'ingressclass.kubernetes.io/is-default-class') === 'true';
  return [
    `${nameOf(o)}${isDefault ? ' (default)' : ''}`,
    textAt(o, 'spec.controller'),
    parameters.kind
      ? `${asString(parameters.kind)}${group ? `.${group}` : ''}/${asString(parameters.name)}`
      : '<none>',
    age(o),
  ];
};

export const networkPolicy: Cells = (o) => [
  nameOf(o),
  formatSelector(objectAt(o, 'spec.podSelector')) || '<none>',
  age(o),
];

export const configMap: Cells = (o) => [
  nameOf(o),
  Object.keys(objectAt(o, 'data')).length + Object.keys(objectAt(o, 'binaryData')).length,
  age(o),
];

export const secret: Cells = (o) => [
  nameOf(o),
  asString(o.type),
  Object.keys(objectAt(o, 'data')).length,
  age(o),
];

export const event: Cells = (o) => {
  const first = textAt(o, 'firstTimestamp') || textAt(o, 'eventTime');
  const series = textAt(o, 'series.lastObservedTime');
  const target = `${textAt(o, 'involvedObject.kind').toLowerCase()}${textAt(o, 'involvedObject.name') ? `/${textAt(o, 'involvedObject.name')}` : ''}`;
  const component = textAt(o, 'source.component') || textAt(o, 'reportingComponent');
  const instance = textAt(o, 'source.host') || textAt(o, 'reportingInstance');
  return [
    since(series || textAt(o, 'lastTimestamp') || first),
    asString(o.type),
    asString(o.reason),
    target,
    textAt(o, 'involvedObject.fieldPath'),
    instance ? `${component}, ${instance}` : component,
    asString(o.message).trim(),
    since(first),
    numberAt(o, 'series.count') || numberAt(o, 'count') || 1,
    nameOf(o),
  ];
};

export const endpoints: Cells = (o) => {
  const list = listAt(o, 'subsets').flatMap((subset) => {
    const addresses = listAt(subset, 'addresses').map(({ip}) => asString(ip));
    const ports = listAt(subset, 'ports');
    return ports.length === 0
      ? addresses
      : ports.flatMap(({port}) => addresses.map((ip) => `${ip}:${Number(port)}`));
  });
  return [nameOf(o), list.length > 0 ? listWithMore(list) : '<none>', age(o)];
};

export const endpointSlice: Cells = (o) => [
  nameOf(o),
  asString(o.addressType),
  listWithMore(
    listAt(o, 'ports').map(({port, name}) => (port === undefined ? asString(name) || '*' : String(port))),
  ),
  listWithMore(listAt(o, 'endpoints').flatMap((item) => asArray(item.addresses).map(asString))),
  age(o),
];

export const binding: Cells = (o) => {
  const of = (kind: string): string =>
    listAt(o, 'subjects')
      .filter((subject) => subject.kind === kind)
      .map((subject) =>
        kind === 'ServiceAccount'
          ? `${asString(subject.namespace)}/${asString(subject.name)}`
          : asString(subject.name),
      )
      .join(', ');
  return [
    nameOf(o),
    `${textAt(o, 'roleRef.kind')}/${textAt(o, 'roleRef.name')}`,
    age(o),
    of('User'),
    of('Group'),
    of('ServiceAccount'),
  ];
};

export const certificateRequest: Cells = (o) => {
  const has = (type: string): boolean => listAt(o, 'status.conditions').some((item) => item.type === type);
  const status = [has('Denied') ? 'Denied' : has('Approved') ? 'Approved' : 'Pending'];
  if (has('Failed')) status.push('Failed');
  if (textAt(o, 'status.certificate')) status.push('Issued');
  const seconds = at(o, 'spec.expirationSeconds');
  return [
    nameOf(o),
    age(o),
    textAt(o, 'spec.signerName') || '<none>',
    textAt(o, 'spec.username'),
    typeof seconds === 'number' ? humanDuration(seconds) : '<none>',
    status.join(','),
  ];
};

/** Requests and limits apart, each `name: used/hard`. */
export const quota: Cells = (o) => {
  const used = objectAt(o, 'status.used');
  const parts = Object.entries(objectAt(o, 'status.hard'))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, hard]) => [name, `${name}: ${asString(used[name]) || '0'}/${asString(hard)}`] as const);
  const isLimit = (name: string): boolean => name.startsWith('limits.');
  const join = (limits: boolean): string =>
    parts
      .filter(([name]) => isLimit(name) === limits)
      .map(([, text]) => text)
      .join(', ');
  return [nameOf(o), join(false), join(true), age(o)];
};

export const controllerRevision: Cells = (o) => {
  const owner = listAt(o, 'metadata.ownerReferences').find(({controller}) => controller === true);
  const group = asString(owner?.apiVersion).split('/').slice(0, -1).join('');
  return [
    nameOf(o),
    owner
      ? `${asString(owner.kind).toLowerCase()}${group ? `.${group}` : ''}/${asString(owner.name)}`
      : '<none>',
    numberAt(o, 'revision'),
    age(o),
  ];
};

export const lease: Cells = (o) => [nameOf(o), textAt(o, 'spec.holderIdentity'), age(o)];
export const runtimeClass: Cells = (o) => [nameOf(o), asString(o.handler), age(o)];
export const priorityClass: Cells = (o) => [
  nameOf(o),
  numberAt(o, 'value'),
  o.globalDefault === true,
  age(o),
  asString(o.preemptionPolicy),
];
export const apiService: Cells = (o) => {
  const target = objectAt(o, 'spec.service');
  const available = listAt(o, 'status.conditions').find(({type}) => type === 'Available');
  return [
    nameOf(o),
    target.name ? `${asString(target.namespace)}/${asString(target.name)}` : 'Local',
    available ? (available.status === 'True' ? 'True' : `False (${asString(available.reason)})`) : 'Unknown',
    age(o),
  ];
};
