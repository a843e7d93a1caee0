/** What a person, or a command line, chose to look at. */
export type TargetChoice =
  | {readonly kind: 'practice'}
  | {
      readonly kind: 'live';
      readonly context?: string;
      readonly kubeconfig?: string;
      /** Namespaces to read where not all may be listed. */
      readonly namespaces?: readonly string[];
      /** Whether kubelets are asked through nodes/proxy. */
      readonly nodesProxy?: boolean;
    }
  | {readonly kind: 'files'; readonly paths: readonly string[]};

export type TargetOptions = {
  readonly practice?: true | undefined;
  readonly context?: string | undefined;
  readonly kubeconfig?: string | undefined;
  readonly manifests?: readonly string[] | undefined;
  readonly namespace?: readonly string[] | undefined;
  readonly nodesProxy?: true | undefined;
};

/** A mistake in the call: told in one sentence, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The target that the options name, undefined when they name none. @throws {UsageError} when they name two. */
export function choiceOf(options: TargetOptions): TargetChoice | undefined {
  const live = options.context !== undefined || options.kubeconfig !== undefined;
  const named = [
    options.practice ? '--practice' : undefined,
    live ? (options.context === undefined ? '--kubeconfig' : '--context') : undefined,
    options.manifests ? '--manifests' : undefined,
  ].filter((name) => name !== undefined);
  if (named.length > 1) {
    throw new UsageError(`${named.join(' and ')} name different targets. Choose one of them.`);
  }
  if (options.nodesProxy && (options.practice || options.manifests)) {
    throw new UsageError(
      options.practice
        ? '--nodes-proxy is for live clusters: the practice cluster always asks its kubelets.'
        : '--nodes-proxy is for live clusters: manifests have no kubelets.',
    );
  }
  if (options.practice) return {kind: 'practice'};
  if (options.manifests) return {kind: 'files', paths: options.manifests};
  if (!live) return undefined;
  return {
    kind: 'live',
    ...(options.context === undefined ? {} : {context: options.context}),
    ...(options.kubeconfig === undefined ? {} : {kubeconfig: options.kubeconfig}),
    ...(options.namespace === undefined ? {} : {namespaces: options.namespace}),
    ...(options.nodesProxy === undefined ? {} : {nodesProxy: true}),
  };
}
