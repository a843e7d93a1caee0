import {asArray, asObject, asString, type JsonObject} from './json.ts';

/** Why a check refuses a pod: `privileged`, and which containers, `container "web" must not set ...`. */
export type Refusal = {readonly reason: string; readonly detail: string};

export type PodContainer = {
  readonly name: string;
  readonly spec: JsonObject;
  readonly securityContext: JsonObject;
};

/** A pod as the checks of Pod Security look at it. */
export type PodUnderCheck = {
  readonly annotations: JsonObject;
  readonly spec: JsonObject;
  readonly securityContext: JsonObject;
  /** Init containers first, then containers, then ephemeral ones: the order in which they are named. */
  readonly containers: readonly PodContainer[];
  readonly windows: boolean;
  /** In a user namespace of its own, where root inside is nobody outside. */
  readonly userNamespace: boolean;
};

export type PodCheck = (pod: PodUnderCheck) => Refusal | undefined;

export function makePod(metadata: JsonObject, spec: JsonObject): PodUnderCheck {
  const containers = ['initContainers', 'containers', 'ephemeralContainers'].flatMap((field) =>
    asArray(spec[field]).map((item): PodContainer => {
      const container = asObject(item);
      return {
        name: asString(container.name),
        spec: container,
        securityContext: asObject(container.securityContext),
      };
    }),
  );
  return {
    annotations: asObject(metadata.annotations),
    spec,
    securityContext: asObject(spec.securityContext),
    containers,
    windows: asObject(spec.os).name === 'windows',
    userNamespace: spec.hostUsers === false,
  };
}

export const quoted = (items: readonly string[]): string => items.map((item) => `"${item}"`).join(', ');

export const plural = (word: string, items: readonly unknown[]): string =>
  items.length === 1 ? word : `${word}s`;

export const namesOf = (containers: readonly PodContainer[]): readonly string[] =>
  containers.map(({name}) => name);

/** `container "web"`, `containers "web", "side"`. */
export const named = (names: readonly string[]): string => `${plural('container', names)} ${quoted(names)}`;

/** Sorted, each once. */
export const distinct = (items: readonly string[]): readonly string[] => [...new Set(items)].sort();

/** `pod and container "web"`: who sets a forbidden value. */
export const setters = (pod: boolean, containers: readonly PodContainer[]): readonly string[] => [
  ...(pod ? ['pod'] : []),
  ...(containers.length > 0 ? [named(namesOf(containers))] : []),
];
