import type {Json} from '../../engine/json.ts';
import {KINDS, type KindInfo, kindInfo} from '../../engine/kinds.ts';
import {resourceOf} from '../../engine/objects.ts';
import {whoIn} from '../errors.ts';
import {TargetError, type TargetEvent} from '../target.ts';
import {listableIn} from './access.ts';
import {inParallel} from './batch.ts';
import type {KubeClient} from './client.ts';
import {normalize} from './normalize.ts';
import {objectPath, pluralOf, resourceName} from './resources.ts';
import {Source, type SourceOptions} from './source.ts';

export type ListingOptions = SourceOptions & {
  /** Namespaces to read where listing all of them is forbidden; else that of the context, or those that are visible. */
  readonly namespaces: readonly string[];
  /** Whether a person named them, here or in the kubeconfig's context: that the rest is not read is no surprise then. */
  readonly named: boolean;
  /** How many lists run at once. */
  readonly width: number;
};

type Denied = {readonly source: Source; readonly error: TargetError};

/** What can be read, to be followed, and the kinds that may not be listed in the whole cluster. */
export type Listed = {
  readonly sources: readonly Source[];
  readonly denied: readonly KindInfo[];
  /** Namespaces that were tried one by one, and who asked. */
  readonly spaces: readonly string[];
  readonly user: string;
};

/**
 * Lists every kind that controls read. What is forbidden or fails becomes a gap in the coverage; where only a
 * namespace may be read, that is read and the rest told. @throws {TargetError} when nothing can be read.
 */
export async function listEverything(
  client: KubeClient,
  emit: (event: TargetEvent) => void,
  options: ListingOptions,
  signal: AbortSignal | undefined,
): Promise<Listed> {
  const visible = new Set<string>();
  const follow: Source[] = [];
  const denied: Denied[] = [];
  const tell = (event: TargetEvent) => {
    if (event.type === 'set' && event.resource.kind === 'Namespace') visible.add(event.resource.name);
    emit(event);
  };
  await inParallel(KINDS, options.width, async (info) => {
    const source = new Source(client, info, undefined, tell, options);
    const error = await tryList(source, signal);
    if (error === undefined) follow.push(source);
    else if (error.problem === 'forbidden') denied.push({source, error});
    else if (isAbsent(error, info)) return;
    else {
      source.gap(failedSentence(client, info, error));
      follow.push(source);
    }
  });
  if (denied.length === 0) return {sources: follow, denied: [], spaces: [], user: ''};
  const known = options.namespaces.length > 0 ? options.namespaces : [...visible];
  const spaces = known.length > 0 ? known : ['default'];
  const partly = await listNamespaces(client, tell, options, denied, spaces, signal);
  if (follow.length === 0 && partly.length === 0) throw nothingReadable(denied[0]!.error, known, spaces);
  return {
    sources: [...follow, ...partly],
    denied: denied.map(({source}) => source.info),
    spaces,
    user: userOf(client, denied[0]!.error),
  };
}

function nothingReadable(
  error: TargetError,
  known: readonly string[],
  spaces: readonly string[],
): TargetError {
  const tried = `Namespace ${spaces.join(', ')} ${known.length > 0 ? 'was' : 'was guessed and'} tried too.`;
  return new TargetError(error.problem, error.message, [
    ...error.details.slice(0, 1),
    `${tried} If you may read another one, name it: kubekata scan --namespace NAME, or for the walk:`,
    '  kubectl config set-context --current --namespace NAME',
    'Else ask an administrator for the ClusterRole that kubekata rbac prints.',
  ]);
}

/** Tries again what was forbidden. Returns what can be read now, and what still can't. @throws {TargetError} */
export async function listDenied(
  client: KubeClient,
  denied: readonly KindInfo[],
  emit: (event: TargetEvent) => void,
  options: ListingOptions,
  signal: AbortSignal,
): Promise<Pick<Listed, 'sources' | 'denied'>> {
  const sources: Source[] = [];
  const left: KindInfo[] = [];
  await inParallel(denied, options.width, async (info) => {
    const source = new Source(client, info, undefined, emit, options);
    const error = await tryList(source, signal);
    // What is not installed is no gap, now that RBAC lets us see that it is not.
    if (error !== undefined && !isAbsent(error, info)) return void left.push(info);
    emit({type: 'coverage', kind: info.kind});
    if (error === undefined) sources.push(source);
  });
  // What was read of single namespaces is part of the whole now.
  if (!left.some(({namespaced}) => namespaced)) {
    emit({type: 'readable', source: client.who.name});
    emit({type: 'scope', namespaces: undefined});
  }
  return {sources, denied: left};
}

/**
 * Reads in single namespaces what a binding made since then allows there. One request for each namespace tells whether
 * there is any: a list of each kind in each of them would be hundreds.
 */
export async function listGranted(
  client: KubeClient,
  {sources, denied, spaces, user}: Listed,
  emit: (event: TargetEvent) => void,
  options: ListingOptions,
  signal: AbortSignal,
): Promise<readonly Source[]> {
  const placeOf = ({kind}: KindInfo, namespace: string | undefined): string => `${kind} ${namespace ?? ''}`;
  const read = new Set(sources.map(({info, namespace}) => placeOf(info, namespace)));
  const found = await inParallel(spaces, 4, async (namespace) => {
    const missing = denied.filter((info) => info.namespaced && !read.has(placeOf(info, namespace)));
    const may = missing.length > 0 ? await listableIn(client, namespace, signal) : undefined;
    const listed: Source[] = [];
    for (const info of may ? missing.filter(may) : []) {
      const source = new Source(client, info, namespace, emit, options);
      if ((await tryList(source, signal)) !== undefined) continue;
      emit({type: 'coverage', kind: info.kind});
      listed.push(source);
    }
    return listed;
  });
  const fresh = found.flat();
  if (fresh.length > 0 && denied.some(({namespaced}) => namespaced)) {
    const readable = [...sources, ...fresh].flatMap(({namespace}) => namespace ?? []);
    tellScope(client, emit, options, user, spaces, new Set(readable));
  }
  return fresh;
}

/** Which namespaces are read, where that is not all of the cluster. */
function tellScope(
  client: KubeClient,
  emit: (event: TargetEvent) => void,
  options: ListingOptions,
  user: string,
  spaces: readonly string[],
  readable: ReadonlySet<string>,
): void {
  const names = [...readable].sort();
  if (names.length === 0) return;
  if (options.named && spaces.every((space) => readable.has(space))) {
    emit({type: 'readable', source: client.who.name});
    emit({type: 'scope', namespaces: names});
    return;
  }
  const message = `${user} may read ${names.length === 1 ? 'namespace' : 'namespaces'} ${names.join(', ')} only.`;
  emit({type: 'unreadable', source: client.who.name, message});
}

async function tryList(source: Source, signal: AbortSignal | undefined): Promise<TargetError | undefined> {
  try {
    await source.list(signal);
    return undefined;
  } catch (error) {
    if (!(error instanceof TargetError)) throw error;
    if (['forbidden', 'gone', 'server', 'throttled', 'rejected'].includes(error.problem)) return error;
    throw error;
  }
}

/** An API that is not installed, or whose server is away (metrics), is no gap. */
const isAbsent = (error: TargetError, info: KindInfo): boolean =>
  info.optional === true && ['gone', 'server', 'rejected'].includes(error.problem);

const failedSentence = ({who}: KubeClient, {kind}: KindInfo, error: TargetError): string =>
  `${pluralOf(kind)} of ${who.name} could not be read: ${error.details[0] ?? error.message}`;

const userOf = (client: KubeClient, error: TargetError): string =>
  whoIn({message: error.details[0] ?? ''}) ?? `User ${client.who.access.context.user}`;

/** What is forbidden for the whole cluster may be allowed in a namespace. */
async function listNamespaces(
  client: KubeClient,
  emit: (event: TargetEvent) => void,
  options: ListingOptions,
  denied: readonly Denied[],
  spaces: readonly string[],
  signal: AbortSignal | undefined,
): Promise<readonly Source[]> {
  const partly: Source[] = [];
  const readable = new Set<string>();
  await inParallel(denied, options.width, async ({source: {info}, error}) => {
    if (!info.namespaced) return;
    const found = await inParallel(spaces, 2, async (namespace) => {
      const source = new Source(client, info, namespace, emit, options);
      const failed = await tryList(source, signal);
      if (failed === undefined) readable.add(namespace);
      return failed === undefined ? source : undefined;
    });
    const sources = found.filter((source) => source !== undefined);
    partly.push(...sources);
    if (sources.length === 0) denyOne(client, info, error, emit);
  });
  const seesNamespaces = await readNamespaces(client, emit, denied, [...readable], signal);
  for (const {source, error} of denied) {
    if (source.info.namespaced || (seesNamespaces && source.info.kind === 'Namespace')) continue;
    denyOne(client, source.info, error, emit);
  }
  tellScope(client, emit, options, userOf(client, denied[0]!.error), spaces, readable);
  return partly;
}

function denyOne(
  client: KubeClient,
  info: KindInfo,
  error: TargetError,
  emit: (event: TargetEvent) => void,
): void {
  // What is optional is often not installed at all, and RBAC answers first.
  if (info.optional && !info.group.endsWith('.k8s.io')) return;
  const reason = `${userOf(client, error)} may not list ${pluralOf(info.kind)} in ${client.who.name}.`;
  emit({type: 'coverage', kind: info.kind, reason, permission: `list ${resourceName(info)}`});
}

/** The Namespace objects themselves, where they may be read one by one but not listed. */
async function readNamespaces(
  client: KubeClient,
  emit: (event: TargetEvent) => void,
  denied: readonly Denied[],
  names: readonly string[],
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const info = kindInfo('Namespace')!;
  if (names.length === 0 || !denied.some(({source}) => source.info === info)) return false;
  const bodies = await inParallel(names, 4, async (name): Promise<Json | undefined> => {
    const {status, body} = await client.send({path: objectPath(info, '', name), signal});
    return status === 200 ? body : undefined;
  });
  for (const body of bodies) {
    if (body !== undefined) emit({type: 'set', resource: resourceOf(normalize(body, info))});
  }
  return bodies.every((body) => body !== undefined);
}
