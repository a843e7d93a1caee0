import {asArray, asObject, asString, isObject} from '../../../engine/json.ts';
import {forbidden} from '../api-error.ts';
import {children, copyValue, type Draft, ensure, ensureList, text} from '../draft.ts';
import {randomSuffix} from '../names.ts';
import {accountOf, isMirror, secretsOf, volumesOf} from '../pod-references.ts';
import type {ResourceInfo} from '../resources.ts';
import type {ApiServer} from '../server.ts';

const mountPath = '/var/run/secrets/kubernetes.io/serviceaccount';
const prefix = 'kube-api-access-';

/** A bit longer than an hour, as the server asks for pods. */
const expirationSeconds = 3607;

/**
 * Runs a pod under its ServiceAccount: the default one unless told, its token mounted unless pod or account say no.
 * @throws {ApiError} 403 when the account does not exist.
 */
export function admitServiceAccount(server: ApiServer, info: ResourceInfo, pod: Draft): void {
  if (isMirror(pod)) {
    checkMirror(info, pod);
    return;
  }
  const metadata = ensure(pod, 'metadata');
  const spec = ensure(pod, 'spec');
  const namespace = text(metadata, 'namespace');
  const name = text(spec, 'serviceAccountName') || 'default';
  spec.serviceAccountName = name;
  spec.serviceAccount = name;
  const account = server.get('serviceaccounts', namespace, name);
  if (!account)
    throw forbidden(
      info,
      text(metadata, 'name'),
      `error looking up service account ${namespace}/${name}: serviceaccount ${JSON.stringify(name)} not found`,
    );
  const automount = spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true;
  if (automount !== false) mountToken(spec);
  const secrets = asArray(account.imagePullSecrets);
  if (children(spec, 'imagePullSecrets').length === 0 && secrets.length > 0)
    spec.imagePullSecrets = secrets.map((secret) => ({name: asString(asObject(secret).name)}));
}

/** The kubelet's mirror of a static pod gets at no account and no Secret. @throws {ApiError} 403 */
function checkMirror(info: ResourceInfo, pod: Draft): void {
  const refuse = (why: string): never => {
    throw forbidden(info, text(ensure(pod, 'metadata'), 'name'), `a mirror pod may not ${why}`);
  };
  if (accountOf(pod)) refuse('reference service accounts');
  if (secretsOf(pod).length > 0) refuse('reference secrets');
  const hasToken = volumesOf(pod).some(({projected}) =>
    asArray(asObject(projected).sources).some((source) => isObject(asObject(source).serviceAccountToken)),
  );
  if (hasToken) refuse('use ServiceAccountToken volume projections');
}

function mountToken(spec: Draft): void {
  const volumes = ensureList(spec, 'volumes');
  const existing = children(spec, 'volumes').find(
    (volume) => text(volume, 'name').startsWith(prefix) && volume.projected,
  );
  const name = existing ? text(existing, 'name') : `${prefix}${randomSuffix(5)}`;
  let used = false;
  for (const key of ['initContainers', 'containers']) {
    for (const container of children(spec, key)) {
      if (children(container, 'volumeMounts').some((mount) => mount.mountPath === mountPath)) continue;
      ensureList(container, 'volumeMounts').push({name, readOnly: true, mountPath});
      used = true;
    }
  }
  if (!used || existing) {
    if (volumes.length === 0) delete spec.volumes;
    return;
  }
  volumes.push({
    name,
    projected: copyValue({
      sources: [
        {serviceAccountToken: {expirationSeconds, path: 'token'}},
        {configMap: {name: 'kube-root-ca.crt', items: [{key: 'ca.crt', path: 'ca.crt'}]}},
        {
          downwardAPI: {
            items: [{path: 'namespace', fieldRef: {apiVersion: 'v1', fieldPath: 'metadata.namespace'}}],
          },
        },
      ],
      defaultMode: 420,
    }),
  });
}
