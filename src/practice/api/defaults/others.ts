import {child, children, copyValue, type Draft, ensure, has, setDefault, setText, text} from '../draft.ts';

const rbac = 'rbac.authorization.k8s.io';

export function defaultSecret(object: Draft): void {
  setText(object, 'type', 'Opaque');
  const plain = child(object, 'stringData');
  if (!plain) return;
  const data = ensure(object, 'data');
  for (const [key, value] of Object.entries(plain)) data[key] = Buffer.from(String(value)).toString('base64');
  delete object.stringData;
}

export function defaultClaim(object: Draft): void {
  setText(ensure(object, 'spec'), 'volumeMode', 'Filesystem');
}

export function defaultVolume(object: Draft): void {
  const spec = ensure(object, 'spec');
  setText(spec, 'persistentVolumeReclaimPolicy', 'Retain');
  setText(spec, 'volumeMode', 'Filesystem');
  const host = child(spec, 'hostPath');
  if (host) setDefault(host, 'type', '');
}

export function defaultNamespace(object: Draft): void {
  const metadata = ensure(object, 'metadata');
  const name = text(metadata, 'name');
  if (name) ensure(metadata, 'labels')['kubernetes.io/metadata.name'] = name;
}

export function defaultEndpoints(object: Draft): void {
  for (const subset of children(object, 'subsets'))
    for (const port of children(subset, 'ports')) setText(port, 'protocol', 'TCP');
}

export function defaultEndpointSlice(object: Draft): void {
  for (const port of children(object, 'ports')) {
    setDefault(port, 'name', '');
    setText(port, 'protocol', 'TCP');
  }
}

/** A container's default limit is its maximum; its default request the default limit, else the minimum. */
export function defaultLimitRange(object: Draft): void {
  for (const item of children(child(object, 'spec'), 'limits')) {
    if (item.type !== 'Container') continue;
    const fill = (target: string, from: string): void => {
      const source = child(item, from);
      if (!source) return;
      const into = ensure(item, target);
      for (const [name, value] of Object.entries(source)) setDefault(into, name, copyValue(value));
    };
    fill('default', 'max');
    fill('defaultRequest', 'default');
    fill('defaultRequest', 'min');
  }
}

export function defaultBinding(object: Draft): void {
  setText(ensure(object, 'roleRef'), 'apiGroup', rbac);
  for (const subject of children(object, 'subjects')) {
    if (subject.kind === 'User' || subject.kind === 'Group') setText(subject, 'apiGroup', rbac);
  }
}

export function defaultNetworkPolicy(object: Draft): void {
  const spec = ensure(object, 'spec');
  for (const direction of ['ingress', 'egress']) {
    for (const rule of children(spec, direction))
      for (const port of children(rule, 'ports')) setDefault(port, 'protocol', 'TCP');
  }
  if (!has(spec, 'policyTypes')) spec.policyTypes = has(spec, 'egress') ? ['Ingress', 'Egress'] : ['Ingress'];
}

export function defaultStorageClass(object: Draft): void {
  setDefault(object, 'reclaimPolicy', 'Delete');
  setDefault(object, 'volumeBindingMode', 'Immediate');
}

export function defaultCsiDriver(object: Draft): void {
  const spec = ensure(object, 'spec');
  setDefault(spec, 'attachRequired', true);
  setDefault(spec, 'podInfoOnMount', false);
  setDefault(spec, 'storageCapacity', false);
  setText(spec, 'fsGroupPolicy', 'ReadWriteOnceWithFSType');
  setDefault(spec, 'volumeLifecycleModes', ['Persistent']);
  setDefault(spec, 'requiresRepublish', false);
  setDefault(spec, 'seLinuxMount', false);
}

export function defaultAutoscaler(object: Draft): void {
  const spec = ensure(object, 'spec');
  setDefault(spec, 'minReplicas', 1);
  if (!has(spec, 'metrics'))
    spec.metrics = [
      {type: 'Resource', resource: {name: 'cpu', target: {type: 'Utilization', averageUtilization: 80}}},
    ];
}

export function defaultPriorityClass(object: Draft): void {
  setDefault(object, 'preemptionPolicy', 'PreemptLowerPriority');
}

export function defaultIngressClass(object: Draft): void {
  const parameters = child(child(object, 'spec'), 'parameters');
  if (parameters) setDefault(parameters, 'scope', 'Cluster');
}

function defaultMatch(target: Draft): void {
  setText(target, 'matchPolicy', 'Equivalent');
  setDefault(target, 'namespaceSelector', {});
  setDefault(target, 'objectSelector', {});
  for (const key of ['rules', 'resourceRules', 'excludeResourceRules'])
    for (const rule of children(target, key)) setText(rule, 'scope', '*');
}

export function defaultWebhooks(object: Draft): void {
  for (const webhook of children(object, 'webhooks')) {
    setText(webhook, 'failurePolicy', 'Fail');
    setDefault(webhook, 'timeoutSeconds', 10);
    if (object.kind === 'MutatingWebhookConfiguration') setText(webhook, 'reinvocationPolicy', 'Never');
    defaultMatch(webhook);
    const service = child(child(webhook, 'clientConfig'), 'service');
    if (service) setDefault(service, 'port', 443);
  }
}

export function defaultAdmissionPolicy(object: Draft): void {
  const spec = ensure(object, 'spec');
  setText(spec, 'failurePolicy', 'Fail');
  if (object.kind === 'MutatingAdmissionPolicy') setText(spec, 'reinvocationPolicy', 'Never');
  const match = child(spec, 'matchConstraints');
  if (match) defaultMatch(match);
}

export function defaultAdmissionBinding(object: Draft): void {
  const match = child(child(object, 'spec'), 'matchResources');
  if (match) defaultMatch(match);
}

export function defaultDefinition(object: Draft): void {
  const spec = ensure(object, 'spec');
  const names = ensure(spec, 'names');
  const kind = text(names, 'kind');
  setText(names, 'singular', kind.toLowerCase());
  setText(names, 'listKind', `${kind}List`);
  setDefault(spec, 'conversion', {strategy: 'None'});
}

/** A definition is accepted and served at once: no names of two definitions clash here without a refusal. */
export function establishDefinition(object: Draft, now: string): void {
  const spec = ensure(object, 'spec');
  const stored = children(spec, 'versions').find(({storage}) => storage === true);
  const condition = (type: string, reason: string, message: string): Draft => ({
    type,
    status: 'True',
    lastTransitionTime: now,
    reason,
    message,
  });
  object.status = {
    conditions: [
      condition('NamesAccepted', 'NoConflicts', 'no conflicts found'),
      condition('Established', 'InitialNamesAccepted', 'the initial names have been accepted'),
    ],
    acceptedNames: copyValue(ensure(spec, 'names')),
    storedVersions: stored ? [text(stored, 'name')] : [],
  };
}
