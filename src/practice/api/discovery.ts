import {createHash} from 'node:crypto';
import type {JsonObject} from '../../engine/json.ts';
import type {Registry, ResourceInfo, ServedGroup} from './resources.ts';

const groupVersion = (group: string, version: string): string => (group ? `${group}/${version}` : version);
const responseKind = (info: ResourceInfo): JsonObject => ({group: '', version: '', kind: info.kind});

/** Aggregated discovery, `APIGroupDiscoveryList` v2. */
export function aggregated(registry: Registry, core: boolean): JsonObject {
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: registry.groups.filter(({group}) => (group === '') === core).map(discoveryGroup),
  };
}

const discoveryGroup = ({group, versions}: ServedGroup): JsonObject => ({
  metadata: {...(group ? {name: group} : {}), creationTimestamp: null},
  versions: versions.map(({version, resources}) => ({
    version,
    resources: resources.map((info) => ({
      resource: info.plural,
      responseKind: responseKind(info),
      scope: info.namespaced ? 'Namespaced' : 'Cluster',
      singularResource: info.singular,
      verbs: info.verbs,
      ...(info.shortNames.length > 0 ? {shortNames: info.shortNames} : {}),
      ...(info.categories.length > 0 ? {categories: info.categories} : {}),
      ...(info.subresources.size > 0
        ? {
            subresources: [...info.subresources.values()].map((sub) => ({
              subresource: sub.name,
              responseKind: {
                group: sub.group === info.group && sub.version === info.version ? '' : sub.group,
                version: sub.group === info.group && sub.version === info.version ? '' : sub.version,
                kind: sub.kind,
              },
              verbs: sub.verbs,
            })),
          }
        : {}),
    })),
    freshness: 'Current',
  })),
});

const apiGroup = ({group, versions}: ServedGroup): JsonObject => ({
  name: group,
  versions: versions.map(({version}) => ({groupVersion: groupVersion(group, version), version})),
  preferredVersion: {groupVersion: groupVersion(group, versions[0]!.version), version: versions[0]!.version},
});

export const apiGroupList = (registry: Registry): JsonObject => ({
  kind: 'APIGroupList',
  apiVersion: 'v1',
  groups: registry.groups.filter(({group}) => group !== '').map(apiGroup),
});

export function singleGroup(registry: Registry, name: string): JsonObject | undefined {
  const found = registry.groups.find(({group}) => group === name && name !== '');
  return found && {kind: 'APIGroup', apiVersion: 'v1', ...apiGroup(found)};
}

export const apiVersions = (address: string): JsonObject => ({
  kind: 'APIVersions',
  versions: ['v1'],
  serverAddressByClientCIDRs: [{clientCIDR: '0.0.0.0/0', serverAddress: address}],
});

/** Kinds that etcd keeps in another group or version than they are served in. */
const storedElsewhere: ReadonlyMap<string, string> = new Map([
  ['events.events.k8s.io', '/v1'],
  ['horizontalpodautoscalers.autoscaling', 'autoscaling/v2'],
  ['mutatingadmissionpolicies.admissionregistration.k8s.io', 'admissionregistration.k8s.io/v1beta1'],
  ['mutatingadmissionpolicybindings.admissionregistration.k8s.io', 'admissionregistration.k8s.io/v1beta1'],
  ['customresourcedefinitions.apiextensions.k8s.io', 'apiextensions.k8s.io/v1beta1'],
]);

/** What tells clients that a kind is stored in another version; nothing of what is not stored at all. */
function storageVersionHash({id, group, version, kind, verbs, custom}: ResourceInfo): JsonObject {
  if (!verbs.includes('create') || !verbs.includes('list') || custom?.storedVersion === '') return {};
  const place = storedElsewhere.get(id) ?? `${group}/${custom?.storedVersion ?? version}`;
  const hash = createHash('sha256').update(`${place}/${kind}`).digest();
  return {storageVersionHash: hash.subarray(0, 8).toString('base64')};
}

/** The resources of one version, as clients without aggregated discovery ask. */
export function apiResourceList(registry: Registry, group: string, version: string): JsonObject | undefined {
  const served = registry.groups
    .find((item) => item.group === group)
    ?.versions.find((item) => item.version === version);
  if (!served) return undefined;
  return {
    kind: 'APIResourceList',
    ...(group ? {apiVersion: 'v1'} : {}),
    groupVersion: groupVersion(group, version),
    resources: served.resources.flatMap((info) => [
      {
        name: info.plural,
        singularName: info.singular,
        namespaced: info.namespaced,
        kind: info.kind,
        verbs: info.verbs,
        ...(info.shortNames.length > 0 ? {shortNames: info.shortNames} : {}),
        ...(info.categories.length > 0 ? {categories: info.categories} : {}),
        ...storageVersionHash(info),
      },
      ...[...info.subresources.values()].map((sub) => ({
        name: `${info.plural}/${sub.name}`,
        singularName: '',
        namespaced: info.namespaced,
        ...(sub.group === group && sub.version === version ? {} : {group: sub.group, version: sub.version}),
        kind: sub.kind,
        verbs: sub.verbs,
      })),
    ]),
  };
}
