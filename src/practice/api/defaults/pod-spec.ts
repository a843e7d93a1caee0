import {child, children, type Draft, ensure, setDefault, setText, text} from '../draft.ts';

/** Secrets and ConfigMaps are mounted 0644 unless told. */
const fileMode = 0o644;

/** Fills in a pod spec as the server does, in a pod and in the template of a workload alike. */
export function defaultPodSpec(spec: Draft, isPod: boolean): void {
  setText(spec, 'restartPolicy', 'Always');
  setDefault(spec, 'terminationGracePeriodSeconds', 30);
  if (Number(spec.terminationGracePeriodSeconds) < 0) spec.terminationGracePeriodSeconds = 1;
  setText(spec, 'dnsPolicy', 'ClusterFirst');
  setDefault(spec, 'securityContext', {});
  setText(spec, 'schedulerName', 'default-scheduler');
  // The old name of the field is kept in step with the new one.
  if (!text(spec, 'serviceAccountName') && text(spec, 'serviceAccount'))
    spec.serviceAccountName = text(spec, 'serviceAccount');
  if (text(spec, 'serviceAccountName')) spec.serviceAccount = text(spec, 'serviceAccountName');
  for (const key of ['initContainers', 'containers', 'ephemeralContainers']) {
    for (const container of children(spec, key)) {
      defaultContainer(container);
      if (isPod && key !== 'ephemeralContainers') {
        requestsFromLimits(container);
        if (spec.hostNetwork === true)
          for (const port of children(container, 'ports'))
            setDefault(port, 'hostPort', port.containerPort ?? 0);
      }
    }
  }
  if (isPod) setDefault(spec, 'enableServiceLinks', true);
  for (const volume of children(spec, 'volumes')) defaultVolume(volume);
}

/** The requests of a pod default to its limits. */
export function requestsFromLimits(container: Draft): void {
  const resources = child(container, 'resources');
  const limits = child(resources, 'limits');
  if (!resources || !limits) return;
  const requests = ensure(resources, 'requests');
  for (const [name, value] of Object.entries(limits)) setDefault(requests, name, value);
}

function defaultContainer(container: Draft): void {
  setText(container, 'terminationMessagePath', '/dev/termination-log');
  setText(container, 'terminationMessagePolicy', 'File');
  setText(container, 'imagePullPolicy', pullPolicy(text(container, 'image')));
  setDefault(container, 'resources', {});
  for (const port of children(container, 'ports')) setText(port, 'protocol', 'TCP');
  for (const variable of children(container, 'env')) {
    const from = child(variable, 'valueFrom');
    const field = child(from, 'fieldRef');
    if (field) setText(field, 'apiVersion', 'v1');
    const file = child(from, 'fileKeyRef');
    if (file) setDefault(file, 'optional', false);
  }
  for (const key of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    const probe = child(container, key);
    if (!probe) continue;
    defaultHandler(probe);
    for (const [name, value] of [
      ['timeoutSeconds', 1],
      ['periodSeconds', 10],
      ['successThreshold', 1],
      ['failureThreshold', 3],
    ] as const)
      if (!probe[name]) probe[name] = value;
  }
  const lifecycle = child(container, 'lifecycle');
  for (const key of ['postStart', 'preStop']) {
    const handler = child(lifecycle, key);
    if (handler) defaultHandler(handler);
  }
}

function defaultHandler(handler: Draft): void {
  const get = child(handler, 'httpGet');
  if (get) {
    setText(get, 'path', '/');
    setText(get, 'scheme', 'HTTP');
  }
  const grpc = child(handler, 'grpc');
  if (grpc) setDefault(grpc, 'service', '');
}

/** Of what is no image's name the server reads no tag. */
const reference =
  /^(?:[\w.-]+(?::\d+)?\/)?[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*)*(?::\w[\w.-]{0,127})?(?:@[\w.+-]+:[0-9a-fA-F]{32,})?$/;

/** Always for `latest` and for no tag at all, else IfNotPresent. */
function pullPolicy(image: string): string {
  if (!reference.test(image)) return 'IfNotPresent';
  if (image.includes('@')) return 'IfNotPresent';
  const last = image.slice(image.lastIndexOf('/') + 1);
  const tag = last.includes(':') ? last.slice(last.indexOf(':') + 1) : '';
  return tag === '' || tag === 'latest' ? 'Always' : 'IfNotPresent';
}

function defaultItems(source: Draft | undefined): void {
  for (const item of children(source, 'items')) {
    const field = child(item, 'fieldRef');
    if (field) setText(field, 'apiVersion', 'v1');
  }
}

function defaultVolume(volume: Draft): void {
  const sources = Object.keys(volume).filter((key) => key !== 'name');
  if (sources.length === 0) volume.emptyDir = {};
  for (const key of ['secret', 'configMap', 'downwardAPI', 'projected']) {
    const source = child(volume, key);
    if (source) setDefault(source, 'defaultMode', fileMode);
  }
  defaultItems(child(volume, 'downwardAPI'));
  for (const source of children(child(volume, 'projected'), 'sources')) {
    defaultItems(child(source, 'downwardAPI'));
    const token = child(source, 'serviceAccountToken');
    if (token) setDefault(token, 'expirationSeconds', 3600);
  }
  const host = child(volume, 'hostPath');
  if (host) setDefault(host, 'type', '');
  const image = child(volume, 'image');
  if (image) setText(image, 'pullPolicy', pullPolicy(text(image, 'reference')));
  const iscsi = child(volume, 'iscsi');
  if (iscsi) setText(iscsi, 'iscsiInterface', 'default');
  const template = child(child(volume, 'ephemeral'), 'volumeClaimTemplate');
  if (template) setText(ensure(template, 'spec'), 'volumeMode', 'Filesystem');
}
