import {ApiError} from '../api-error.ts';

export type Format = {
  readonly media: 'json' | 'yaml';
  readonly as:
    | 'object'
    | 'Table'
    | 'PartialObjectMetadata'
    | 'PartialObjectMetadataList'
    | 'APIGroupDiscoveryList';
};

/**
 * What the client wants, the first that we can give.
 * @throws {ApiError} 406 when there is none.
 */
export function negotiate(accept: string | undefined, conversions = true, streams = false): Format {
  const wanted = (accept ?? '*/*').split(',').map((part) => part.trim());
  for (const item of wanted) {
    const [type = '', ...parameters] = item.split(';').map((part) => part.trim());
    const parameter = (name: string): string =>
      parameters.find((part) => part.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';
    const media =
      type === 'application/json' || type === '*/*' || type === 'application/*' || type === ''
        ? 'json'
        : type === 'application/yaml'
          ? 'yaml'
          : undefined;
    if (!media) continue;
    const as = parameter('as');
    if (!as) return {media, as: 'object'};
    if (as === 'APIGroupDiscoveryList') {
      if (parameter('g') === 'apidiscovery.k8s.io' && parameter('v') === 'v2') return {media, as};
      continue;
    }
    const known = as === 'Table' || as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList';
    if (conversions && known && parameter('g') === 'meta.k8s.io' && parameter('v') === 'v1')
      return {media, as};
  }
  throw new ApiError(
    406,
    'NotAcceptable',
    `406: Not Acceptable\n\nAvailable representations: application/json, application/yaml, application/vnd.kubernetes.protobuf${streams ? ', application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch' : ''}`,
    {},
  );
}
