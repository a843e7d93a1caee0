import {asObject, asString, type Json, type JsonObject} from '../../../engine/json.ts';
import {at, listAt, objectAt, stringsAt, textAt} from './access.ts';
import {since} from './duration.ts';

type Cells = (object: JsonObject) => readonly Json[];

const age = (object: JsonObject): string => since(asObject(object.metadata).creationTimestamp);
const nameOf = (object: JsonObject): string => asString(asObject(object.metadata).name);
const short: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};
const modes = (list: readonly string[]): string =>
  Object.entries(short)
    .filter(([mode]) => list.includes(mode))
    .map(([, letters]) => letters)
    .join(',');
const phaseOf = (o: JsonObject): string =>
  asObject(o.metadata).deletionTimestamp ? 'Terminating' : textAt(o, 'status.phase');

export const claim: Cells = (o) => {
  const bound = textAt(o, 'spec.volumeName') !== '';
  return [
    nameOf(o),
    phaseOf(o),
    textAt(o, 'spec.volumeName'),
    bound ? asString(objectAt(o, 'status.capacity').storage) || '0' : '',
    bound ? modes(stringsAt(o, 'status.accessModes')) : '',
    textAt(o, 'spec.storageClassName'),
    textAt(o, 'spec.volumeAttributesClassName') || '<unset>',
    age(o),
    textAt(o, 'spec.volumeMode') || '<unset>',
  ];
};

export const volume: Cells = (o) => {
  const reference = objectAt(o, 'spec.claimRef');
  return [
    nameOf(o),
    asString(objectAt(o, 'spec.capacity').storage) || '0',
    modes(stringsAt(o, 'spec.accessModes')),
    textAt(o, 'spec.persistentVolumeReclaimPolicy'),
    phaseOf(o),
    reference.name ? `${asString(reference.namespace)}/${asString(reference.name)}` : '',
    textAt(o, 'spec.storageClassName'),
    textAt(o, 'spec.volumeAttributesClassName') || '<unset>',
    textAt(o, 'status.reason'),
    age(o),
    textAt(o, 'spec.volumeMode') || '<unset>',
  ];
};

export const storageClass: Cells = (o) => {
  const isDefault =
    asString(objectAt(o, 'metadata.annotations')['storageclass.kubernetes.io/is-default-class']) === 'true';
  return [
    `${nameOf(o)}${isDefault ? ' (default)' : ''}`,
    asString(o.provisioner),
    asString(o.reclaimPolicy),
    asString(o.volumeBindingMode),
    o.allowVolumeExpansion === true,
    age(o),
  ];
};

export const csiDriver: Cells = (o) => {
  const tokens = at(o, 'spec.tokenRequests');
  return [
    nameOf(o),
    at(o, 'spec.attachRequired') !== false,
    at(o, 'spec.podInfoOnMount') === true,
    at(o, 'spec.storageCapacity') === true,
    tokens === undefined
      ? '<unset>'
      : listAt(o, 'spec.tokenRequests')
          .map(({audience}) => asString(audience))
          .join(','),
    at(o, 'spec.requiresRepublish') === true,
    stringsAt(o, 'spec.volumeLifecycleModes').join(',') || '<none>',
    age(o),
  ];
};

export const csiNode: Cells = (o) => [nameOf(o), listAt(o, 'spec.drivers').length, age(o)];

const paramKind = (o: JsonObject): string => {
  const kind = at(o, 'spec.paramKind');
  return kind === undefined
    ? '<unset>'
    : `${textAt(o, 'spec.paramKind.apiVersion')}/${textAt(o, 'spec.paramKind.kind')}`;
};

export const admissionPolicy: Cells = (o) => [
  nameOf(o),
  listAt(o, o.kind === 'MutatingAdmissionPolicy' ? 'spec.mutations' : 'spec.validations').length,
  paramKind(o),
  age(o),
];

export const admissionBinding: Cells = (o) => {
  const name = textAt(o, 'spec.paramRef.name');
  return [
    nameOf(o),
    textAt(o, 'spec.policyName'),
    name ? `${textAt(o, 'spec.paramRef.namespace') || '*'}/${name}` : '<unset>',
    age(o),
  ];
};

export const webhooks: Cells = (o) => [nameOf(o), listAt(o, 'webhooks').length, age(o)];
