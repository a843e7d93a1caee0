import type {Duplex} from 'node:stream';
import {asObject, asString, type JsonObject} from '../../../engine/json.ts';
import {admitTransient} from '../admission/admission.ts';
import {whenAnswered} from '../admission/asks.ts';
import {needsLanguage, type Subject} from '../admission/policies.ts';
import {badRequest, forbidden, notImplemented} from '../api-error.ts';
import {authorise} from '../authz.ts';
import type {CommandResult, ContainerAccess, ContainerOf} from '../containers.ts';
import {type Call, contextOf} from './call.ts';
import {containerOf, statusOf} from './log.ts';
import type {Services} from './resource-handlers.ts';
import {acceptWebSocket, isWebSocket, offered, type WebSocket} from './web-socket.ts';

const protocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
const [stdoutChannel, stderrChannel, errorChannel] = [1, 2, 3];
const endOfStream = 255;

/** `kubectl exec`: one command, or a shell that takes one after the other. @throws {ApiError} */
export async function serveExec(
  call: Call,
  services: Services,
  namespace: string,
  stream: {readonly socket: Duplex; readonly head: Buffer},
): Promise<void> {
  const {query, info, request} = call;
  const {server} = services;
  const denial = authorise(server, call.user, {...info, verb: 'create'});
  if (denial !== undefined) throw forbidden({plural: 'pods', group: '', kind: 'Pod'}, info.name, denial);
  const pod = server.read(server.info('pods'), namespace, info.name);
  const container = containerOf(pod, query.get('container') ?? '');
  const command = query.getAll('command');
  if (command.length === 0) throw badRequest('you must specify at least one command for the container');
  if (needsLanguage(server, server.info('pods'))) await server.loadCel();
  const is = (key: string): boolean => query.get(key) === 'true';
  const object = {
    kind: 'PodExecOptions',
    apiVersion: 'v1',
    ...Object.fromEntries(['stdin', 'stdout', 'stderr', 'tty'].filter(is).map((key) => [key, true] as const)),
    container,
    command,
  };
  const subject: Subject = {
    ...{info: server.info('pods'), operation: 'CONNECT', sub: 'exec', name: info.name, namespace},
    object,
    old: null,
  };
  await whenAnswered(contextOf(call), (asking) => admitTransient(server, subject, asking));
  if (!isWebSocket(request))
    throw notImplemented(
      'The practice cluster speaks WebSocket for exec, and not SPDY: use kubectl 1.31 or newer.',
    );
  const protocol = protocols.find((one) => offered(request).includes(one));
  if (!protocol)
    throw badRequest(`The practice cluster speaks ${protocols.join(' and ')} for exec: offer one of them.`);
  const access = await services.containers();
  const of: ContainerOf = {namespace, name: info.name, container};
  const isRunning = statusOf(pod, container)?.state.running !== undefined;
  const isTerminal = query.get('tty') === 'true';
  const session = new Session(access, of, isTerminal);
  const socket = acceptWebSocket(request, stream.socket, stream.head, protocol, {
    onMessage: (data) => session.take(data),
    onClose: () => undefined,
  });
  const lost = access.unreachable(asString(asObject(pod.spec).nodeName));
  const target = `exec/${namespace}/${info.name}/${container}?${command.map((word) => `command=${encodeURIComponent(word)}`).join('&')}`;
  const refused = lost
    ? `error sending request: Post "https://${lost.address}/${target}": ${lost.why}`
    : isRunning
      ? undefined
      : `container not found (${JSON.stringify(container)})`;
  if (refused !== undefined) session.end(socket, {exitCode: 1, stdout: '', stderr: '', refused});
  else session.start(socket, command, query.get('stdin') === 'true');
}

/** One exec: output goes out at once; a shell keeps it open until `exit`. */
class Session {
  readonly #access: ContainerAccess;
  readonly #of: ContainerOf;
  readonly #isTerminal: boolean;
  #socket: WebSocket | undefined;
  #isShell = false;
  #line = '';
  #lastExit = 0;

  constructor(access: ContainerAccess, of: ContainerOf, isTerminal: boolean) {
    this.#access = access;
    this.#of = of;
    this.#isTerminal = isTerminal;
  }

  start(socket: WebSocket, command: readonly string[], hasInput: boolean): void {
    this.#socket = socket;
    const isBareShell = /^(\/bin\/)?(ba|a|da)?sh$/.test(command[0]!) && !command.includes('-c');
    // Whether there is a shell is found out as for any program.
    const probe = isBareShell ? [command[0]!, '-c', 'true'] : command;
    const result = this.#access.run(this.#of, probe);
    if (!isBareShell || !hasInput || result.refused) {
      this.end(socket, result);
      return;
    }
    this.#isShell = true;
    this.#show(stdoutChannel, this.#isTerminal ? this.#access.prompt(this.#of) : '');
  }

  take(data: Buffer): void {
    const [channel] = data;
    if (!this.#isShell || !this.#socket) return;
    if (channel === 0) for (const char of data.subarray(1).toString('utf8')) this.#key(char);
    else if (channel === endOfStream && data[1] === 0) {
      this.#enter();
      this.#leave();
    }
  }

  #key(char: string): void {
    if (!this.#isShell) return;
    if (char === '\r' || char === '\n') {
      if (this.#isTerminal) this.#show(stdoutChannel, '\n');
      this.#enter();
    } else if (char === '\x04' && this.#isTerminal) {
      if (this.#line === '') this.#leave();
    } else if (char === '\x03' && this.#isTerminal) {
      this.#line = '';
      this.#show(stdoutChannel, `^C\n${this.#access.prompt(this.#of)}`);
    } else if ((char === '\x7f' || char === '\b') && this.#isTerminal) {
      if (this.#line === '') return;
      this.#line = this.#line.slice(0, -1);
      this.#show(stdoutChannel, '\b \b');
    } else if (char >= ' ' || char === '\t') {
      this.#line += char;
      if (this.#isTerminal) this.#show(stdoutChannel, char);
    }
  }

  #enter(): void {
    const line = this.#line.trim();
    this.#line = '';
    const exit = /^exit(?:\s+(\d+))?$/.exec(line);
    if (exit) {
      this.#lastExit = Number(exit[1] ?? this.#lastExit) % 256;
      this.#leave();
      return;
    }
    if (line !== '') {
      const {stdout, stderr, exitCode} = this.#access.run(this.#of, ['sh', '-c', line]);
      this.#lastExit = exitCode;
      this.#show(stdoutChannel, stdout);
      this.#show(this.#isTerminal ? stdoutChannel : stderrChannel, stderr);
    }
    if (this.#isTerminal) this.#show(stdoutChannel, this.#access.prompt(this.#of));
  }

  #leave(): void {
    if (!this.#isShell || !this.#socket) return;
    this.#isShell = false;
    this.end(this.#socket, {stdout: '', stderr: '', exitCode: this.#lastExit});
  }

  end(socket: WebSocket, result: CommandResult): void {
    this.#socket = socket;
    this.#show(stdoutChannel, result.stdout);
    this.#show(this.#isTerminal ? stdoutChannel : stderrChannel, result.stderr);
    socket.send(Buffer.concat([Buffer.from([errorChannel]), Buffer.from(JSON.stringify(outcome(result)))]));
    socket.close();
  }

  #show(channel: number, text: string): void {
    if (text === '') return;
    const shown = this.#isTerminal ? text.replaceAll('\n', '\r\n') : text;
    this.#socket?.send(Buffer.concat([Buffer.from([channel]), Buffer.from(shown)]));
  }
}

function outcome({exitCode, refused}: CommandResult): JsonObject {
  if (refused !== undefined)
    return {
      metadata: {},
      status: 'Failure',
      message: `Internal error occurred: ${refused}`,
      reason: 'InternalError',
      details: {causes: [{message: refused}]},
      code: 500,
    };
  if (exitCode === 0) return {metadata: {}, status: 'Success'};
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: exit status ${exitCode}`,
    reason: 'NonZeroExitCode',
    details: {causes: [{reason: 'ExitCode', message: String(exitCode)}]},
  };
}
