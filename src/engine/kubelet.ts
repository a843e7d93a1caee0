import {asObject, asString, type JsonObject} from './json.ts';
import type {Resource} from './objects.ts';

/** What the object of a Kubelet resource holds. */
export type Kubelet = JsonObject & {
  readonly node: string;
  /** A KubeletConfiguration, as from the node's file or from `configz`. */
  readonly config: JsonObject;
  /** Where the configuration is from: `configz`, `/var/lib/kubelet/config.yaml of the node`. */
  readonly evidence: string;
  /** `configz`: what it runs with. The others: what it was given. */
  readonly rung: 'configz' | 'node-args' | 'kubelet-config';
};

/** A node's kubelet as an object that controls see like any other: `Kubelet//NODE`. */
export function kubeletResource(
  node: string,
  config: JsonObject,
  evidence: string,
  rung: Kubelet['rung'] = 'configz',
): Resource {
  const id = `Kubelet//${node}`;
  const object: Kubelet = {node, config, evidence, rung};
  return {
    key: id,
    id,
    apiVersion: 'kubekata/v1',
    kind: 'Kubelet',
    namespace: '',
    name: node,
    object,
    source: 'live',
  };
}

export const kubeletOf = (resource: Resource): Kubelet => resource.object as Kubelet;

/** Whether requests without credentials are let in as system:anonymous; a configuration file that is silent says no. */
export const allowsAnonymous = ({config}: Kubelet): boolean =>
  asObject(asObject(config.authentication).anonymous).enabled === true;

/** The CA whose client certificates it accepts; empty where there is none. */
export const clientCaFile = ({config}: Kubelet): string =>
  asString(asObject(asObject(config.authentication).x509).clientCAFile);
