import {asObject} from '../../../engine/json.ts';
import type {Cache} from '../cache.ts';
import type {Container, Obj, Pod} from '../types.ts';

/** ConfigMaps and Secrets, as the kubelet sees them. */
export type Objects = {
  configMap(namespace: string, name: string): Obj | undefined;
  secret(namespace: string, name: string): Obj | undefined;
  claim(namespace: string, name: string): Obj | undefined;
};

export const objectsOf = (cache: Cache): Objects => ({
  configMap: (namespace, name) => cache.get('configmaps', namespace, name),
  secret: (namespace, name) => cache.get('secrets', namespace, name),
  claim: (namespace, name) => cache.get('persistentvolumeclaims', namespace, name),
});

const keysOf = (object: Obj): object => ({...asObject(object.data), ...asObject(object.binaryData)});

/** What a container's environment refers to and does not find, as the kubelet words it. */
export function missingKey(pod: Pod, container: Container, objects: Objects): string | undefined {
  const namespace = pod.metadata.namespace ?? '';
  for (const {configMapRef, secretRef} of container.envFrom ?? []) {
    if (configMapRef && configMapRef.optional !== true && !objects.configMap(namespace, configMapRef.name)) {
      return `configmap "${configMapRef.name}" not found`;
    }
    if (secretRef && secretRef.optional !== true && !objects.secret(namespace, secretRef.name)) {
      return `secret "${secretRef.name}" not found`;
    }
  }
  for (const {valueFrom} of container.env ?? []) {
    const {configMapKeyRef: map, secretKeyRef: secret} = valueFrom ?? {};
    if (map && map.optional !== true) {
      const object = objects.configMap(namespace, map.name);
      if (!object) return `configmap "${map.name}" not found`;
      if (!(map.key in keysOf(object)))
        return `couldn't find key ${map.key} in ConfigMap ${namespace}/${map.name}`;
    }
    if (secret && secret.optional !== true) {
      const object = objects.secret(namespace, secret.name);
      if (!object) return `secret "${secret.name}" not found`;
      if (!(secret.key in keysOf(object)))
        return `couldn't find key ${secret.key} in Secret ${namespace}/${secret.name}`;
    }
  }
  return undefined;
}

/** Why the pod's volumes can't be mounted, as the kubelet words it. */
export function missingVolume(pod: Pod, objects: Objects): string | undefined {
  const namespace = pod.metadata.namespace ?? '';
  for (const volume of pod.spec.volumes ?? []) {
    const failed = (why: string): string => `MountVolume.SetUp failed for volume "${volume.name}" : ${why}`;
    const maps = [volume.configMap, ...(volume.projected?.sources ?? []).map((source) => source.configMap)];
    for (const map of maps) {
      if (map && map.optional !== true && !objects.configMap(namespace, map.name)) {
        return failed(`configmap "${map.name}" not found`);
      }
    }
    const secrets = [
      volume.secret && {name: volume.secret.secretName, optional: volume.secret.optional},
      ...(volume.projected?.sources ?? []).map((source) => source.secret),
    ];
    for (const secret of secrets) {
      if (secret && secret.optional !== true && !objects.secret(namespace, secret.name)) {
        return failed(`secret "${secret.name}" not found`);
      }
    }
    const claim = volume.persistentVolumeClaim?.claimName;
    if (claim !== undefined && !objects.claim(namespace, claim)) {
      return `Unable to attach or mount volumes: persistentvolumeclaim "${claim}" not found`;
    }
  }
  return undefined;
}

/** Whether a change of this ConfigMap, Secret or claim can matter to the pod. */
export function refersTo(pod: Pod, kind: string, name: string): boolean {
  const containers = [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
  const volumes = pod.spec.volumes ?? [];
  if (kind === 'PersistentVolumeClaim')
    return volumes.some((one) => one.persistentVolumeClaim?.claimName === name);
  const sources = volumes.flatMap((one) => one.projected?.sources ?? []);
  if (kind === 'ConfigMap') {
    return (
      [...volumes, ...sources].some((one) => one.configMap?.name === name) ||
      containers.some(
        ({env, envFrom}) =>
          envFrom?.some((one) => one.configMapRef?.name === name) ||
          env?.some((one) => one.valueFrom?.configMapKeyRef?.name === name),
      )
    );
  }
  return (
    volumes.some((one) => one.secret?.secretName === name) ||
    sources.some((one) => one.secret?.name === name) ||
    containers.some(
      ({env, envFrom}) =>
        envFrom?.some((one) => one.secretRef?.name === name) ||
        env?.some((one) => one.valueFrom?.secretKeyRef?.name === name),
    )
  );
}
