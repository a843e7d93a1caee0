import {asArray, asObject, asString, isObject, type Json, type JsonObject} from '../../engine/json.ts';
import {annotationsOf} from '../../engine/objects.ts';
import type {Stored} from './machine.ts';

/** The kubelet's mirror of a static pod: it refers to nothing of the API. */
export const mirrorKey = 'kubernetes.io/config.mirror';
export const isMirror = (pod: JsonObject): boolean => annotationsOf(pod)[mirrorKey] !== undefined;

const objects = (value: Json | undefined): readonly JsonObject[] => asArray(value).map(asObject);
const nameIn = (reference: Json | undefined, key = 'name'): string => asString(asObject(reference)[key]);

const specOf = (pod: JsonObject): JsonObject => asObject(pod.spec);

const containersOf = (pod: JsonObject): readonly JsonObject[] =>
  ['initContainers', 'containers', 'ephemeralContainers'].flatMap((key) => objects(specOf(pod)[key]));

export const volumesOf = (pod: JsonObject): readonly JsonObject[] => objects(specOf(pod).volumes);

/** Names in the environment of containers: of Secrets or ConfigMaps. */
const environmentNames = (pod: JsonObject, kind: 'secret' | 'configMap'): readonly string[] =>
  containersOf(pod).flatMap(({env, envFrom}) => [
    ...objects(envFrom).map((one) => nameIn(one[`${kind}Ref`])),
    ...objects(env).map(({valueFrom}) => nameIn(asObject(valueFrom)[`${kind}KeyRef`])),
  ]);

const projectedNames = (pod: JsonObject, kind: 'secret' | 'configMap'): readonly string[] =>
  volumesOf(pod).flatMap(({projected}) =>
    objects(asObject(projected).sources).map((source) => nameIn(source[kind])),
  );

/** Kinds of volumes that name a Secret for the kubelet, besides those for Secrets. */
const secretVolumes = ['cephfs', 'cinder', 'flexVolume', 'rbd', 'scaleIO', 'iscsi', 'storageos'];

const named = (names: readonly string[]): readonly string[] => names.filter((name) => name !== '');

/** Secrets in the pod's namespace that it names. */
export const secretsOf = (pod: JsonObject): readonly string[] =>
  named([
    ...objects(specOf(pod).imagePullSecrets).map((one) => nameIn(one)),
    ...environmentNames(pod, 'secret'),
    ...projectedNames(pod, 'secret'),
    ...volumesOf(pod).flatMap((volume) => [
      nameIn(volume.secret, 'secretName'),
      nameIn(volume.azureFile, 'secretName'),
      nameIn(asObject(volume.csi).nodePublishSecretRef),
      ...secretVolumes.map((kind) => nameIn(asObject(volume[kind]).secretRef)),
    ]),
  ]);

export const configMapsOf = (pod: JsonObject): readonly string[] =>
  named([
    ...environmentNames(pod, 'configMap'),
    ...projectedNames(pod, 'configMap'),
    ...volumesOf(pod).map((volume) => nameIn(volume.configMap)),
  ]);

/** Claims that the pod mounts; that of an ephemeral volume is named after both. */
export const claimsOf = (pod: JsonObject): readonly string[] =>
  named(
    volumesOf(pod).map((volume) =>
      isObject(volume.ephemeral)
        ? `${nameIn(pod.metadata)}-${asString(volume.name)}`
        : nameIn(volume.persistentVolumeClaim, 'claimName'),
    ),
  );

/** ResourceClaims of the pod, its own or made from a template. */
export function resourceClaimsOf(pod: JsonObject): readonly string[] {
  const status = asObject(pod.status);
  const made = objects(status.resourceClaimStatuses);
  return named([
    ...objects(specOf(pod).resourceClaims).map(
      (claim) =>
        asString(claim.resourceClaimName) ||
        nameIn(
          made.find(({name}) => name === claim.name),
          'resourceClaimName',
        ),
    ),
    nameIn(status.extendedResourceClaimStatus, 'resourceClaimName'),
  ]);
}

export const accountOf = (pod: JsonObject): string => asString(specOf(pod).serviceAccountName);

/** Secrets that a volume names for the kubelet, as `namespace/name`. */
export function secretsOfVolume(volume: Stored): readonly string[] {
  const spec = asObject(volume.spec);
  const home = nameIn(spec.claimRef, 'namespace');
  const at = (namespace: string, name: string): string => (name ? `${namespace || home}/${name}` : '');
  const {secretName, secretNamespace} = asObject(spec.azureFile);
  const csi = asObject(spec.csi);
  return named([
    at(asString(secretNamespace), asString(secretName)),
    ...secretVolumes.map((kind) => {
      const {secretRef} = asObject(spec[kind]);
      return at(nameIn(secretRef, 'namespace'), nameIn(secretRef));
    }),
    ...['nodePublishSecretRef', 'nodeStageSecretRef', 'nodeExpandSecretRef'].map((key) =>
      at(nameIn(csi[key], 'namespace'), nameIn(csi[key])),
    ),
  ]);
}
