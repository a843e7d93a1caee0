import {asString} from '../../src/engine/json.ts';
import type {Resource} from '../../src/engine/objects.ts';
import {type Container, podTemplate} from '../../src/engine/pod-spec.ts';

/** An image reference in its parts: `registry/path`, tag and digest, empty where not given. */
export type Image = {readonly repository: string; readonly tag: string; readonly digest: string};

export function parseImage(reference: string): Image {
  const [named = '', digest = ''] = reference.split('@');
  const colon = named.lastIndexOf(':');
  // The port of a registry is no tag.
  const hasTag = colon > named.lastIndexOf('/');
  return {
    repository: hasTag ? named.slice(0, colon) : named,
    tag: hasTag ? named.slice(colon + 1) : '',
    digest,
  };
}

export const imageOf = (container: Container): Image => parseImage(asString(container.spec.image));

/** The last part of the repository: `falco` of `docker.io/falcosecurity/falco:0.43`. */
export const programOf = (container: Container): string =>
  imageOf(container).repository.split('/').at(-1) ?? '';

const known = new WeakMap<Resource, readonly string[]>();

/** The images of a workload's containers, those for init too; worked out once, because many checks look at all. */
export function imagesOf(workload: Resource): readonly string[] {
  let images = known.get(workload);
  if (images === undefined) {
    images = podTemplate(workload).containers.map(({spec}) => asString(spec.image));
    known.set(workload, images);
  }
  return images;
}
